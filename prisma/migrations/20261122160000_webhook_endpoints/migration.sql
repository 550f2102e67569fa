-- What an endpoint's row promises of itself, so that each change of one is a single statement.

ALTER TABLE "webhook_endpoints" ADD COLUMN     "slot" SMALLINT;

UPDATE "webhook_endpoints" AS e SET "slot" = numbered.n
  FROM (SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY created_at, id) AS n
          FROM "webhook_endpoints" WHERE deleted_at IS NULL) AS numbered
 WHERE e.organization_id = numbered.organization_id AND e.id = numbered.id;
UPDATE "webhook_endpoints" SET "slot" = 1 WHERE "slot" IS NULL;

ALTER TABLE "webhook_endpoints" ALTER COLUMN "slot" SET NOT NULL;


-- From here on: what schema.prisma cannot say.

-- An organization has at most 20 endpoints, whoever else is adding one.
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
