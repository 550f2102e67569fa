-- Who did what. It cannot be found out later: earlier events are usher's own.
CREATE TYPE "actor_kind" AS ENUM ('organization', 'user', 'customer', 'member', 'invitee', 'system');
CREATE TYPE "actor_channel" AS ENUM ('graphql', 'rest', 'claim_page', 'import', 'worker', 'command');

ALTER TABLE "outbox_events"
  ADD COLUMN "actor_kind" "actor_kind" NOT NULL DEFAULT 'system',
  ADD COLUMN "actor_id" UUID,
  ADD COLUMN "actor_label" TEXT,
  ADD COLUMN "actor_channel" "actor_channel" NOT NULL DEFAULT 'worker';
ALTER TABLE "archived_events"
  ADD COLUMN "actor_kind" "actor_kind" NOT NULL DEFAULT 'system',
  ADD COLUMN "actor_id" UUID,
  ADD COLUMN "actor_label" TEXT,
  ADD COLUMN "actor_channel" "actor_channel" NOT NULL DEFAULT 'worker';

ALTER TABLE "outbox_events" ALTER COLUMN "actor_kind" DROP DEFAULT, ALTER COLUMN "actor_channel" DROP DEFAULT;
ALTER TABLE "archived_events" ALTER COLUMN "actor_kind" DROP DEFAULT, ALTER COLUMN "actor_channel" DROP DEFAULT;
