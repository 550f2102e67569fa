-- A program before the encryption signs with an empty secret where the endpoint's is encrypted: its attempts fail, and count.
-- It must not lease such an endpoint. A program that opens secrets says so with each lease.
ALTER TABLE "webhook_endpoints" ADD COLUMN "secret_opener" UUID;


-- From here on: what schema.prisma cannot say.

-- The update changes no row, so that a program without the endpoint's secret goes on with the other endpoints.
CREATE FUNCTION "skip_lease_without_secret"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN NULL;
END
$$;
CREATE TRIGGER "webhook_endpoints_skip_lease_without_secret" BEFORE UPDATE OF "leased_by", "leased_until" ON "webhook_endpoints"
  FOR EACH ROW
  WHEN (NEW.secret = '' AND NEW.leased_by IS NOT NULL AND NEW.leased_by IS DISTINCT FROM NEW.secret_opener)
  EXECUTE FUNCTION "skip_lease_without_secret"();
