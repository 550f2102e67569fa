-- Search finds a part of a text by its trigrams, within one organization.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- When the address of a seat, and the end of its invitation, last changed: a later page in the order of one of them leaves out seats
-- that changed their places since the first page.
ALTER TABLE "customer_seats"
  ADD COLUMN "address_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "expiry_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- The lists of an organization.
CREATE INDEX "customer_seats_status_idx" ON "customer_seats" ("organization_id", "status", "created_at", "id");
CREATE INDEX "customer_seats_assigned_at_idx" ON "customer_seats" ("organization_id", "assigned_at", "id");
CREATE INDEX "customer_seats_claimed_at_idx" ON "customer_seats" ("organization_id", "claimed_at", "id");
CREATE INDEX "customer_seats_expires_at_idx" ON "customer_seats" ("organization_id", "invitation_token_expires_at", "id");

-- The pools of a product.
CREATE INDEX "subscriptions_product_idx" ON "subscriptions" ("organization_id", "product_id");
CREATE INDEX "orders_product_idx" ON "orders" ("organization_id", "product_id");


-- From here on: what schema.prisma cannot say.

CREATE FUNCTION "note_seat_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := CASE WHEN NEW.modified_at IS DISTINCT FROM OLD.modified_at THEN NEW.modified_at ELSE CURRENT_TIMESTAMP END;
BEGIN
  IF lower(OLD.email) IS DISTINCT FROM lower(NEW.email) THEN
    NEW.address_changed_at := at;
  END IF;
  IF OLD.invitation_token_expires_at IS DISTINCT FROM NEW.invitation_token_expires_at THEN
    NEW.expiry_changed_at := at;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "customer_seats_note_change" BEFORE UPDATE OF "email", "invitation_token_expires_at" ON "customer_seats"
  FOR EACH ROW WHEN (lower(OLD.email) IS DISTINCT FROM lower(NEW.email)
                  OR OLD.invitation_token_expires_at IS DISTINCT FROM NEW.invitation_token_expires_at)
  EXECUTE FUNCTION "note_seat_change"();

CREATE INDEX "customer_seats_email_idx" ON "customer_seats" ("organization_id", lower("email"), "id");

-- Pending seats are counted with their expired invitations from the indexes alone.
DROP INDEX "customer_seats_subscription_pending_idx";
CREATE INDEX "customer_seats_subscription_pending_idx" ON "customer_seats" ("organization_id", "subscription_id", "invitation_token_expires_at")
  WHERE "status" = 'pending' AND "subscription_id" IS NOT NULL;
DROP INDEX "customer_seats_order_pending_idx";
CREATE INDEX "customer_seats_order_pending_idx" ON "customer_seats" ("organization_id", "order_id", "invitation_token_expires_at")
  WHERE "status" = 'pending' AND "order_id" IS NOT NULL;
CREATE INDEX "customer_seats_pending_idx" ON "customer_seats" ("organization_id", "invitation_token_expires_at")
  WHERE "status" = 'pending';

-- The lists of a pool, whether a subscription or an order.
CREATE INDEX "customer_seats_pool_assigned_at_idx"
  ON "customer_seats" ("organization_id", (coalesce("subscription_id", "order_id")), "assigned_at", "id");
CREATE INDEX "customer_seats_pool_claimed_at_idx"
  ON "customer_seats" ("organization_id", (coalesce("subscription_id", "order_id")), "claimed_at", "id");
CREATE INDEX "customer_seats_pool_email_idx"
  ON "customer_seats" ("organization_id", (coalesce("subscription_id", "order_id")), lower("email"), "id");
CREATE INDEX "customer_seats_pool_expires_at_idx"
  ON "customer_seats" ("organization_id", (coalesce("subscription_id", "order_id")), "invitation_token_expires_at", "id");

-- Only imports leave such seats. Without an index of its own, a list of revoked seats by address, or of pending ones by claim, would
-- look for them among all seats.
CREATE INDEX "customer_seats_revoked_email_idx" ON "customer_seats" ("organization_id", lower("email"), "id")
  WHERE "status" = 'revoked' AND "email" IS NOT NULL;
CREATE INDEX "customer_seats_pending_claimed_at_idx" ON "customer_seats" ("organization_id", "claimed_at", "id")
  WHERE "status" = 'pending' AND "claimed_at" IS NOT NULL;

-- What people are searched by.
CREATE INDEX "customer_seats_search_idx" ON "customer_seats" USING gin ("organization_id", lower("email") gin_trgm_ops);
CREATE INDEX "members_search_idx" ON "members"
  USING gin ("organization_id", lower("email" || E'\n' || coalesce("name", '') || E'\n' || coalesce("external_id", '')) gin_trgm_ops);
CREATE INDEX "customers_search_idx" ON "customers"
  USING gin ("organization_id", lower(coalesce("email", '') || E'\n' || coalesce("name", '') || E'\n' || coalesce("external_id", '')) gin_trgm_ops);

-- Most seats have no metadata.
CREATE INDEX "customer_seats_metadata_idx" ON "customer_seats" USING gin ("organization_id", "metadata" jsonb_path_ops)
  WHERE "metadata" <> '{}';

-- The mails to an address.
CREATE INDEX "mails_address_idx" ON "mails" ("organization_id", lower("recipient"), "created_at", "id") WHERE "recipient" IS NOT NULL;
