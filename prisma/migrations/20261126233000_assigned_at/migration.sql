-- When a seat was assigned to its current or last holder. For earlier assignments, the events know.
ALTER TABLE "customer_seats" ADD COLUMN "assigned_at" TIMESTAMPTZ(3);
UPDATE "customer_seats" AS seat SET "assigned_at" = coalesce((
  SELECT max(event.created_at) FROM "outbox_events" AS event
   WHERE event.organization_id = seat.organization_id AND event.seat_id = seat.id
     AND event.type = 'customer_seat.assigned'), seat.created_at);
ALTER TABLE "customer_seats"
  ALTER COLUMN "assigned_at" SET NOT NULL,
  ALTER COLUMN "assigned_at" SET DEFAULT CURRENT_TIMESTAMP;
