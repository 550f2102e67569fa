-- Events are listed in the order in which their transactions began to write, behind those that have not ended: the sequence
-- alone would let a reader pass an event that commits late.
ALTER TABLE "outbox_events"
  ADD COLUMN "transaction_id" xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ADD COLUMN "pool_id" UUID;
ALTER TABLE "archived_events"
  ADD COLUMN "transaction_id" xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ADD COLUMN "pool_id" UUID;

UPDATE "outbox_events" SET "pool_id" = coalesce("payload"->>'subscription_id', "payload"->>'order_id')::uuid;
UPDATE "archived_events" SET "pool_id" = coalesce("payload"->>'subscription_id', "payload"->>'order_id')::uuid;

CREATE INDEX "outbox_events_organization_idx" ON "outbox_events" ("organization_id", "transaction_id", "sequence");
CREATE INDEX "outbox_events_pool_idx" ON "outbox_events" ("organization_id", "pool_id", "transaction_id", "sequence");
CREATE INDEX "archived_events_organization_idx" ON "archived_events" ("organization_id", "transaction_id", "sequence");
CREATE INDEX "archived_events_pool_idx" ON "archived_events" ("organization_id", "pool_id", "transaction_id", "sequence");
