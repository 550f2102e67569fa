-- The outcomes of requests with an idempotency key. The scope is the caller's organization, or the user of a personal token,
-- who can act for several organizations.
CREATE TABLE "idempotency_keys" (
  "scope_id" UUID NOT NULL,
  "caller_id" UUID NOT NULL,
  "operation" TEXT NOT NULL,
  "key" VARCHAR(255) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "input_hash" BYTEA NOT NULL,
  "outcome" JSON NOT NULL,
  CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("scope_id", "caller_id", "operation", "key")
);

CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" ("created_at");
