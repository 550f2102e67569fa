-- What an import wrote last: a seat that no longer looks as the import left it was changed by a verb since, and no file undoes that.
CREATE TABLE "imported_seats" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "modified_at" TIMESTAMPTZ(3),

    CONSTRAINT "imported_seats_pkey" PRIMARY KEY ("organization_id","id")
);

ALTER TABLE "imported_seats" ADD CONSTRAINT "imported_seats_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on: what schema.prisma cannot say.

-- Every verb records an event, and no import did until now.
INSERT INTO "imported_seats" ("organization_id", "id", "modified_at")
SELECT organization_id, id, modified_at FROM "customer_seats" AS s
 WHERE NOT EXISTS (SELECT FROM "outbox_events" AS e WHERE e.organization_id = s.organization_id AND e.seat_id = s.id)
   AND NOT EXISTS (SELECT FROM "archived_events" AS e WHERE e.organization_id = s.organization_id AND e.seat_id = s.id);
