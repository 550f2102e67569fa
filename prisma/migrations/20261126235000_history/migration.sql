-- The history of a seat reads its archived events too.
CREATE INDEX "archived_events_seat_idx" ON "archived_events" ("organization_id", "seat_id", "sequence");
