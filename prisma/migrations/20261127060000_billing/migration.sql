-- What the billing system tells about a row, and when that was the case. A row without a time was told about by nobody, or
-- by an import without a time.
ALTER TABLE "products"
  ADD COLUMN "external_id" TEXT,
  ADD COLUMN "as_of" TIMESTAMPTZ(3),
  ADD COLUMN "as_of_by_column" JSONB;
ALTER TABLE "customers"
  ADD COLUMN "as_of" TIMESTAMPTZ(3),
  ADD COLUMN "as_of_by_column" JSONB;
ALTER TABLE "subscriptions"
  ADD COLUMN "external_id" TEXT,
  ADD COLUMN "as_of" TIMESTAMPTZ(3),
  ADD COLUMN "as_of_by_column" JSONB;
ALTER TABLE "orders"
  ADD COLUMN "external_id" TEXT,
  ADD COLUMN "as_of" TIMESTAMPTZ(3),
  ADD COLUMN "as_of_by_column" JSONB;

ALTER TYPE "audit_event_type" ADD VALUE 'product_updated';
ALTER TYPE "audit_event_type" ADD VALUE 'customer_updated';
ALTER TYPE "audit_event_type" ADD VALUE 'subscription_updated';
ALTER TYPE "audit_event_type" ADD VALUE 'order_updated';


-- From here on: what schema.prisma cannot say.

CREATE UNIQUE INDEX "products_external_id_key" ON "products" ("organization_id", "external_id")
  WHERE "deleted_at" IS NULL AND "external_id" IS NOT NULL;
CREATE UNIQUE INDEX "subscriptions_external_id_key" ON "subscriptions" ("organization_id", "external_id")
  WHERE "deleted_at" IS NULL AND "external_id" IS NOT NULL;
CREATE UNIQUE INDEX "orders_external_id_key" ON "orders" ("organization_id", "external_id")
  WHERE "deleted_at" IS NULL AND "external_id" IS NOT NULL;

-- A pool still gets no seat beyond its capacity. But its capacity can become smaller than its live seats, where the
-- transaction says that it means to oversell: SET LOCAL usher.oversell = 'on'. The error is that of the former CHECK.
CREATE FUNCTION "refuse_oversold_pool"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.seats_used <= OLD.seats_used
     AND (coalesce(NEW.seats, 0) >= coalesce(OLD.seats, 0) OR current_setting('usher.oversell', true) = 'on') THEN
    RETURN NEW;
  END IF;
  RAISE check_violation USING
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_TABLE_NAME || '_seats_used_check',
    MESSAGE = format('new row for relation "%1$s" violates check constraint "%1$s_seats_used_check"', TG_TABLE_NAME);
END
$$;

ALTER TABLE "subscriptions" DROP CONSTRAINT "subscriptions_seats_used_check",
  ADD CONSTRAINT "subscriptions_seats_used_not_negative_check" CHECK ("seats_used" >= 0);
ALTER TABLE "orders" DROP CONSTRAINT "orders_seats_used_check",
  ADD CONSTRAINT "orders_seats_used_not_negative_check" CHECK ("seats_used" >= 0);

CREATE TRIGGER "subscriptions_refuse_oversold" BEFORE INSERT OR UPDATE OF "seats", "seats_used" ON "subscriptions"
  FOR EACH ROW WHEN (NEW.seats_used > coalesce(NEW.seats, 0)) EXECUTE FUNCTION "refuse_oversold_pool"();
CREATE TRIGGER "orders_refuse_oversold" BEFORE INSERT OR UPDATE OF "seats", "seats_used" ON "orders"
  FOR EACH ROW WHEN (NEW.seats_used > coalesce(NEW.seats, 0)) EXECUTE FUNCTION "refuse_oversold_pool"();
