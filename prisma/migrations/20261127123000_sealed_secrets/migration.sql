-- The secrets of webhook endpoints, encrypted. Where a program stored one as plain text, a worker encrypts it and empties
-- `secret`: a program that knows no encrypted secrets then refuses to sign with an empty one.
ALTER TABLE "webhook_endpoints"
  ALTER COLUMN "secret" SET DEFAULT '',
  ADD COLUMN "sealed_secret" TEXT,
  ADD COLUMN "sealed_previous_secret" TEXT;

CREATE INDEX "webhook_endpoints_plain_secret_idx" ON "webhook_endpoints" ("organization_id", "id")
  WHERE "secret" <> '' OR "previous_secret" <> '';
