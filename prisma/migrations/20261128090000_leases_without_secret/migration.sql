-- A program before the encryption of webhook secrets would sign with an empty text where the secret is encrypted: its attempts
-- would fail, and count. It reads the secret as it renews its lease, and does not ask for the encrypted one.

-- From here on: what schema.prisma cannot say.

-- Such a program finds that it has lost the lease, and goes on with the other endpoints. After two seconds, anybody may lease
-- the endpoint.
CREATE FUNCTION "end_lease_without_secret"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A process that has lost track of a lease takes the endpoint again when it expires.
  IF position('sealed_secret' IN current_query()) > 0 OR OLD.leased_until <= clock_timestamp() THEN
    RETURN NEW;
  END IF;
  UPDATE webhook_endpoints SET leased_by = NULL, leased_until = clock_timestamp() + interval '2 s'
   WHERE organization_id = OLD.organization_id AND id = OLD.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER "webhook_endpoints_end_lease_without_secret" BEFORE UPDATE OF "leased_until" ON "webhook_endpoints"
  FOR EACH ROW WHEN (NEW.secret = '' AND NEW.leased_by = OLD.leased_by)
  EXECUTE FUNCTION "end_lease_without_secret"();

-- Where such a program rotates an encrypted secret, it keeps the empty text as the previous one.
CREATE FUNCTION "forget_empty_secret"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.previous_secret := NULL;
  RETURN NEW;
END
$$;
CREATE TRIGGER "webhook_endpoints_forget_empty_secret" BEFORE UPDATE OF "previous_secret" ON "webhook_endpoints"
  FOR EACH ROW WHEN (NEW.previous_secret = '') EXECUTE FUNCTION "forget_empty_secret"();
