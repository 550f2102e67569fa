CREATE TYPE "webhook_delivery_status" AS ENUM ('pending', 'succeeded', 'failed', 'skipped');

CREATE TYPE "mail_kind" AS ENUM ('invitation', 'reminder', 'webhook_disabled');

CREATE TYPE "mail_status" AS ENUM ('pending', 'sent', 'failed', 'skipped');

ALTER TABLE "organizations" ADD COLUMN     "invitation_html" TEXT,
ADD COLUMN     "invitation_subject" TEXT,
ADD COLUMN     "invitation_text" TEXT,
ADD COLUMN     "reminder_hours" INTEGER,
ADD COLUMN     "return_url" TEXT,
ADD COLUMN     "sends_invitations" BOOLEAN NOT NULL DEFAULT true;

ALTER TABLE "outbox_events" ADD COLUMN     "dispatched_at" TIMESTAMPTZ(3),
ALTER COLUMN "payload" SET DATA TYPE JSON;

ALTER TABLE "webhook_endpoints" ADD COLUMN     "consecutive_failures" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "disabled_at" TIMESTAMPTZ(3),
ADD COLUMN     "leased_by" UUID,
ADD COLUMN     "leased_until" TIMESTAMPTZ(3),
ADD COLUMN     "previous_secret" TEXT,
ADD COLUMN     "previous_secret_expires_at" TIMESTAMPTZ(3);

CREATE TABLE "archived_events" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "type" TEXT NOT NULL,
    "seat_id" UUID NOT NULL,
    "payload" JSON NOT NULL,
    "deliveries" JSON NOT NULL,
    "archived_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "archived_events_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endpoint_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "seat_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "status" "webhook_delivery_status" NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "last_attempt_at" TIMESTAMPTZ(3),
    "duration_ms" INTEGER,
    "response_status" INTEGER,
    "response_body" TEXT,
    "error" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "mails" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" "mail_kind" NOT NULL,
    "seat_id" UUID,
    "invitation_token_hash" BYTEA,
    "endpoint_id" UUID,
    "recipient" VARCHAR(320),
    "status" "mail_status" NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_until" TIMESTAMPTZ(3),
    "error" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "mails_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "mail_opt_outs" (
    "organization_id" UUID NOT NULL,
    "email" VARCHAR(320) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mail_opt_outs_pkey" PRIMARY KEY ("organization_id","email")
);

CREATE INDEX "webhook_deliveries_endpoint_idx" ON "webhook_deliveries"("organization_id", "endpoint_id", "created_at", "id");

CREATE INDEX "webhook_deliveries_event_idx" ON "webhook_deliveries"("organization_id", "event_id");

CREATE UNIQUE INDEX "webhook_deliveries_event_key" ON "webhook_deliveries"("organization_id", "endpoint_id", "event_id");

CREATE INDEX "mails_organization_idx" ON "mails"("organization_id", "created_at", "id");

CREATE UNIQUE INDEX "mails_invitation_key" ON "mails"("organization_id", "seat_id", "kind", "invitation_token_hash");

ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_organization_id_endpoint_id_fkey" FOREIGN KEY ("organization_id", "endpoint_id") REFERENCES "webhook_endpoints"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_organization_id_event_id_fkey" FOREIGN KEY ("organization_id", "event_id") REFERENCES "outbox_events"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "mails" ADD CONSTRAINT "mails_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "mail_opt_outs" ADD CONSTRAINT "mail_opt_outs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on: what schema.prisma cannot say.

-- What a dispatcher looks for: events without deliveries, deliveries and mails whose time has come.
CREATE INDEX "outbox_events_undispatched_idx" ON "outbox_events" ("sequence") WHERE "dispatched_at" IS NULL;
CREATE INDEX "webhook_deliveries_due_idx" ON "webhook_deliveries" ("organization_id", "endpoint_id", "next_attempt_at", "sequence")
  WHERE "status" = 'pending';
CREATE INDEX "mails_due_idx" ON "mails" ("next_attempt_at") WHERE "status" = 'pending';

-- Whether an earlier event of the seat is still on its way.
CREATE INDEX "webhook_deliveries_seat_idx" ON "webhook_deliveries" ("organization_id", "endpoint_id", "seat_id", "sequence")
  WHERE "status" = 'pending';

-- What was given up, and is looked through.
CREATE INDEX "webhook_deliveries_failed_idx" ON "webhook_deliveries" ("organization_id", "endpoint_id", "created_at", "id")
  WHERE "status" = 'failed';
CREATE INDEX "mails_failed_idx" ON "mails" ("organization_id", "created_at", "id") WHERE "status" = 'failed';

-- What is old enough to be archived.
CREATE INDEX "outbox_events_created_at_idx" ON "outbox_events" ("created_at");
CREATE INDEX "mails_created_at_idx" ON "mails" ("created_at");

-- An invitation lasts 24 hours.
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_reminder_hours_check"
  CHECK ("reminder_hours" BETWEEN 1 AND 23);
