-- What an endpoint's row promises of itself, so that each change of one is a single statement.

ALTER TABLE "webhook_endpoints" ADD COLUMN     "slot" SMALLINT;


-- From here on: what schema.prisma cannot say.

-- Whoever adds an endpoint takes a slot that nobody else has: of two at once, one looks again.
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_slot_check" CHECK ("slot" BETWEEN 1 AND 20);
CREATE UNIQUE INDEX "webhook_endpoints_slot_key" ON "webhook_endpoints" ("organization_id", "slot")
  WHERE "deleted_at" IS NULL;

-- What is on its way to an endpoint that is disabled or deleted is skipped. Whoever makes deliveries holds the
-- endpoint's row meanwhile; a trigger looks once that row is had, and so sees all of them.
CREATE FUNCTION "skip_pending_deliveries"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE webhook_deliveries
     SET status = 'skipped', finished_at = coalesce(NEW.deleted_at, NEW.disabled_at)
   WHERE organization_id = NEW.organization_id AND endpoint_id = NEW.id AND status = 'pending';
  RETURN NULL;
END
$$;
CREATE TRIGGER "webhook_endpoints_skip_pending" AFTER UPDATE OF "disabled_at", "deleted_at" ON "webhook_endpoints"
  FOR EACH ROW
  WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL OR OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION "skip_pending_deliveries"();
