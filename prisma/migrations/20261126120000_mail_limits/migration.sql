CREATE TABLE "recent_resends" (
    "organization_id" UUID NOT NULL,
    "seat_id" UUID NOT NULL,
    "times" TIMESTAMPTZ(3)[],
    "token_hash" BYTEA NOT NULL,

    CONSTRAINT "recent_resends_pkey" PRIMARY KEY ("organization_id","seat_id")
);

ALTER TABLE "recent_resends" ADD CONSTRAINT "recent_resends_organization_id_seat_id_fkey" FOREIGN KEY ("organization_id", "seat_id") REFERENCES "customer_seats"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "mails" ADD COLUMN "handed_over_at" TIMESTAMPTZ(3);

-- The mails to one address, the latest first, whatever its case.
CREATE INDEX "mails_recipient_idx" ON "mails" ("organization_id", lower("recipient"), "handed_over_at") WHERE "handed_over_at" IS NOT NULL;

ALTER TABLE "mail_opt_outs" ADD COLUMN "mail_id" UUID;
