-- By these indexes, the worker finds the rows that are past their time.
CREATE INDEX "archived_events_archived_at_idx" ON "archived_events" ("archived_at");
CREATE INDEX "audit_events_created_at_idx" ON "audit_events" ("created_at");
CREATE INDEX "members_deleted_at_idx" ON "members" ("deleted_at") WHERE "deleted_at" IS NOT NULL;
CREATE INDEX "webhook_endpoints_deleted_at_idx" ON "webhook_endpoints" ("deleted_at") WHERE "deleted_at" IS NOT NULL;
