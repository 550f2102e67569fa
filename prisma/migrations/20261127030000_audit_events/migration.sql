-- Who changed members, settings, webhook endpoints and tokens.
CREATE TYPE "audit_event_type" AS ENUM ('member_updated', 'member_removed', 'settings_updated', 'webhook_endpoint_created',
  'webhook_endpoint_updated', 'webhook_endpoint_disabled', 'webhook_endpoint_enabled', 'webhook_endpoint_deleted',
  'webhook_secret_rotated', 'access_token_created', 'access_token_revoked', 'membership_ended', 'sessions_ended');

CREATE TABLE "audit_events" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "type" "audit_event_type" NOT NULL,
    "subject_id" UUID NOT NULL,
    "subject_label" TEXT,
    "changes" TEXT[],
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" UUID,
    "actor_label" TEXT,
    "actor_channel" "actor_channel" NOT NULL,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("organization_id", "id")
);

CREATE INDEX "audit_events_organization_idx" ON "audit_events" ("organization_id", "created_at", "id");
CREATE INDEX "audit_events_subject_idx" ON "audit_events" ("organization_id", "subject_id", "created_at", "id");

ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
