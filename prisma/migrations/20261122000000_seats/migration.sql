-- The first house: organizations, who buys from them, what was bought, and the seats in it.

CREATE TYPE "organization_status" AS ENUM ('active', 'blocked');

CREATE TYPE "member_role" AS ENUM ('owner', 'billing_manager', 'member');

CREATE TYPE "subscription_status" AS ENUM ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused');

CREATE TYPE "order_status" AS ENUM ('draft', 'pending', 'paid', 'refunded', 'partially_refunded', 'void');

CREATE TYPE "seat_status" AS ENUM ('pending', 'claimed', 'revoked');

CREATE TABLE "organizations" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "organization_status" NOT NULL DEFAULT 'active',
    "seat_based_pricing_enabled" BOOLEAN NOT NULL DEFAULT true,
    "member_model_enabled" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "email" VARCHAR(320) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "organization_memberships" (
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,

    CONSTRAINT "organization_memberships_pkey" PRIMARY KEY ("organization_id","user_id")
);

CREATE TABLE "access_tokens" (
    "token_hash" BYTEA NOT NULL,
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "organization_id" UUID,
    "user_id" UUID,
    "scopes" TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_tokens_pkey" PRIMARY KEY ("token_hash")
);

CREATE TABLE "products" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "name" TEXT NOT NULL,

    CONSTRAINT "products_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "customers" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "email" VARCHAR(320),
    "name" TEXT,
    "external_id" TEXT,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "members" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "customer_id" UUID NOT NULL,
    "email" VARCHAR(320) NOT NULL,
    "name" TEXT,
    "external_id" TEXT,
    "role" "member_role" NOT NULL DEFAULT 'member',

    CONSTRAINT "members_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "subscriptions" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "product_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "checkout_id" UUID,
    "status" "subscription_status" NOT NULL DEFAULT 'active',
    "seats" INTEGER,
    "seats_used" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "orders" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "product_id" UUID,
    "customer_id" UUID NOT NULL,
    "checkout_id" UUID,
    "status" "order_status" NOT NULL DEFAULT 'pending',
    "seats" INTEGER,
    "seats_used" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "customer_seats" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "subscription_id" UUID,
    "order_id" UUID,
    "status" "seat_status" NOT NULL DEFAULT 'pending',
    "customer_id" UUID,
    "member_id" UUID,
    "email" VARCHAR(320),
    "invitation_nonce" BYTEA,
    "invitation_token_hash" BYTEA,
    "invitation_token_expires_at" TIMESTAMPTZ(3),
    "claimed_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "customer_seats_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "customer_sessions" (
    "token_hash" BYTEA NOT NULL,
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,

    CONSTRAINT "customer_sessions_pkey" PRIMARY KEY ("token_hash")
);

CREATE TABLE "member_sessions" (
    "token_hash" BYTEA NOT NULL,
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,

    CONSTRAINT "member_sessions_pkey" PRIMARY KEY ("token_hash")
);

CREATE TABLE "outbox_events" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "type" TEXT NOT NULL,
    "seat_id" UUID NOT NULL,
    "payload" JSONB NOT NULL,

    CONSTRAINT "outbox_events_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "webhook_endpoints" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "url" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "events" TEXT[],

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE INDEX "organization_memberships_user_id_idx" ON "organization_memberships"("user_id");

CREATE UNIQUE INDEX "access_tokens_id_key" ON "access_tokens"("id");

CREATE INDEX "access_tokens_organization_id_idx" ON "access_tokens"("organization_id");

CREATE INDEX "access_tokens_user_id_idx" ON "access_tokens"("user_id");

CREATE INDEX "subscriptions_customer_idx" ON "subscriptions"("organization_id", "customer_id");

CREATE INDEX "subscriptions_checkout_idx" ON "subscriptions"("organization_id", "checkout_id");

CREATE INDEX "orders_customer_idx" ON "orders"("organization_id", "customer_id");

CREATE INDEX "orders_checkout_idx" ON "orders"("organization_id", "checkout_id");

CREATE INDEX "customer_seats_subscription_idx" ON "customer_seats"("organization_id", "subscription_id", "created_at", "id");

CREATE INDEX "customer_seats_order_idx" ON "customer_seats"("organization_id", "order_id", "created_at", "id");

CREATE INDEX "customer_seats_member_idx" ON "customer_seats"("organization_id", "member_id");

CREATE INDEX "customer_seats_customer_idx" ON "customer_seats"("organization_id", "customer_id");

CREATE INDEX "customer_seats_invitation_token_hash_idx" ON "customer_seats"("invitation_token_hash");

CREATE INDEX "customer_sessions_customer_idx" ON "customer_sessions"("organization_id", "customer_id");

CREATE INDEX "member_sessions_member_idx" ON "member_sessions"("organization_id", "member_id");

CREATE INDEX "outbox_events_seat_idx" ON "outbox_events"("organization_id", "seat_id", "sequence");

ALTER TABLE "organization_memberships" ADD CONSTRAINT "organization_memberships_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "organization_memberships" ADD CONSTRAINT "organization_memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "products" ADD CONSTRAINT "products_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "customers" ADD CONSTRAINT "customers_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "members" ADD CONSTRAINT "members_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "members" ADD CONSTRAINT "members_organization_id_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_product_id_fkey" FOREIGN KEY ("organization_id", "product_id") REFERENCES "products"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "orders" ADD CONSTRAINT "orders_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "orders" ADD CONSTRAINT "orders_organization_id_product_id_fkey" FOREIGN KEY ("organization_id", "product_id") REFERENCES "products"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "orders" ADD CONSTRAINT "orders_organization_id_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "customer_seats" ADD CONSTRAINT "customer_seats_organization_id_subscription_id_fkey" FOREIGN KEY ("organization_id", "subscription_id") REFERENCES "subscriptions"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "customer_seats" ADD CONSTRAINT "customer_seats_organization_id_order_id_fkey" FOREIGN KEY ("organization_id", "order_id") REFERENCES "orders"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "customer_seats" ADD CONSTRAINT "customer_seats_organization_id_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "customer_seats" ADD CONSTRAINT "customer_seats_organization_id_member_id_fkey" FOREIGN KEY ("organization_id", "member_id") REFERENCES "members"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "customer_sessions" ADD CONSTRAINT "customer_sessions_organization_id_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "member_sessions" ADD CONSTRAINT "member_sessions_organization_id_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "member_sessions" ADD CONSTRAINT "member_sessions_organization_id_member_id_fkey" FOREIGN KEY ("organization_id", "member_id") REFERENCES "members"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on: what schema.prisma cannot say.

-- One spelling of a slug, an e-mail or an external id, whatever the case; the deleted do not count.
CREATE UNIQUE INDEX "organizations_slug_key" ON "organizations" (lower("slug"));
CREATE UNIQUE INDEX "customers_email_key" ON "customers" ("organization_id", lower("email")) WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "customers_external_id_key" ON "customers" ("organization_id", "external_id") WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "members_email_key" ON "members" ("organization_id", "customer_id", lower("email")) WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "members_external_id_key" ON "members" ("organization_id", "customer_id", "external_id") WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "members_owner_key" ON "members" ("organization_id", "customer_id") WHERE "role" = 'owner' AND "deleted_at" IS NULL;

-- A token acts for one organization or for one user.
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_subject_check"
  CHECK (num_nonnulls("organization_id", "user_id") = 1);

-- A seat is from one pool.
ALTER TABLE "customer_seats" ADD CONSTRAINT "customer_seats_source_check"
  CHECK (num_nonnulls("subscription_id", "order_id") = 1);

-- One person has at most one live seat of a pool: by member, by e-mail, and by customer where that is all there is.
CREATE UNIQUE INDEX "customer_seats_subscription_member_key" ON "customer_seats" ("organization_id", "subscription_id", "member_id")
  WHERE "status" <> 'revoked' AND "subscription_id" IS NOT NULL AND "member_id" IS NOT NULL;
CREATE UNIQUE INDEX "customer_seats_order_member_key" ON "customer_seats" ("organization_id", "order_id", "member_id")
  WHERE "status" <> 'revoked' AND "order_id" IS NOT NULL AND "member_id" IS NOT NULL;
CREATE UNIQUE INDEX "customer_seats_subscription_email_key" ON "customer_seats" ("organization_id", "subscription_id", lower("email"))
  WHERE "status" <> 'revoked' AND "subscription_id" IS NOT NULL AND "email" IS NOT NULL;
CREATE UNIQUE INDEX "customer_seats_order_email_key" ON "customer_seats" ("organization_id", "order_id", lower("email"))
  WHERE "status" <> 'revoked' AND "order_id" IS NOT NULL AND "email" IS NOT NULL;
CREATE UNIQUE INDEX "customer_seats_subscription_customer_key" ON "customer_seats" ("organization_id", "subscription_id", "customer_id")
  WHERE "status" <> 'revoked' AND "subscription_id" IS NOT NULL AND "member_id" IS NULL AND "email" IS NULL;
CREATE UNIQUE INDEX "customer_seats_order_customer_key" ON "customer_seats" ("organization_id", "order_id", "customer_id")
  WHERE "status" <> 'revoked' AND "order_id" IS NOT NULL AND "member_id" IS NULL AND "email" IS NULL;

-- A pool is never oversold: seats_used follows the live seats by trigger, whoever writes them, and the CHECK refuses one too many.
-- The trigger's update also locks the pool's row to the end of the transaction, so that two takers of the last seat queue.
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_seats_used_check"
  CHECK ("seats_used" BETWEEN 0 AND coalesce("seats", 0));
ALTER TABLE "orders" ADD CONSTRAINT "orders_seats_used_check"
  CHECK ("seats_used" BETWEEN 0 AND coalesce("seats", 0));

-- Once a statement, not once a row: a bulk load would otherwise leave as many versions of a pool's row as seats, each to be walked past.
CREATE FUNCTION "count_customer_seats"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  pools refcursor;
  pool record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    OPEN pools FOR
      SELECT organization_id, subscription_id, order_id, count(*) AS change
        FROM new_seats WHERE status <> 'revoked' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
  ELSIF TG_OP = 'DELETE' THEN
    OPEN pools FOR
      SELECT organization_id, subscription_id, order_id, -count(*) AS change
        FROM old_seats WHERE status <> 'revoked' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
  ELSE
    OPEN pools FOR
      SELECT organization_id, subscription_id, order_id, sum(n) AS change
        FROM (SELECT organization_id, subscription_id, order_id, 1 AS n FROM new_seats WHERE status <> 'revoked'
              UNION ALL
              SELECT organization_id, subscription_id, order_id, -1 FROM old_seats WHERE status <> 'revoked') AS seats
       GROUP BY 1, 2, 3 HAVING sum(n) <> 0 ORDER BY 1, 2, 3;
  END IF;
  LOOP
    FETCH pools INTO pool;
    EXIT WHEN NOT FOUND;
    IF pool.subscription_id IS NOT NULL THEN
      UPDATE subscriptions SET seats_used = seats_used + pool.change
        WHERE organization_id = pool.organization_id AND id = pool.subscription_id;
    END IF;
    IF pool.order_id IS NOT NULL THEN
      UPDATE orders SET seats_used = seats_used + pool.change
        WHERE organization_id = pool.organization_id AND id = pool.order_id;
    END IF;
  END LOOP;
  CLOSE pools;
  RETURN NULL;
END
$$;

CREATE TRIGGER "customer_seats_count_insert" AFTER INSERT ON "customer_seats"
  REFERENCING NEW TABLE AS new_seats FOR EACH STATEMENT EXECUTE FUNCTION "count_customer_seats"();
CREATE TRIGGER "customer_seats_count_delete" AFTER DELETE ON "customer_seats"
  REFERENCING OLD TABLE AS old_seats FOR EACH STATEMENT EXECUTE FUNCTION "count_customer_seats"();
CREATE TRIGGER "customer_seats_count_update" AFTER UPDATE ON "customer_seats"
  REFERENCING OLD TABLE AS old_seats NEW TABLE AS new_seats FOR EACH STATEMENT EXECUTE FUNCTION "count_customer_seats"();

-- The pool's oldest revoked row, which is given again first.
CREATE INDEX "customer_seats_subscription_revoked_idx" ON "customer_seats" ("organization_id", "subscription_id", "created_at", "id")
  WHERE "status" = 'revoked' AND "subscription_id" IS NOT NULL;
CREATE INDEX "customer_seats_order_revoked_idx" ON "customer_seats" ("organization_id", "order_id", "created_at", "id")
  WHERE "status" = 'revoked' AND "order_id" IS NOT NULL;
