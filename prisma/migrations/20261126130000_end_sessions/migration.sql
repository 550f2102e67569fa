-- Sessions can be ended before they expire. An ended one keeps its row until then, so that no import brings it back.

ALTER TABLE "customer_sessions" ADD COLUMN     "ended_at" TIMESTAMPTZ(3);

ALTER TABLE "member_sessions" ADD COLUMN     "begun_by_claim" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "ended_at" TIMESTAMPTZ(3);

CREATE INDEX "access_tokens_expires_at_idx" ON "access_tokens"("expires_at");

CREATE INDEX "customer_sessions_expires_at_idx" ON "customer_sessions"("expires_at");

CREATE INDEX "member_sessions_expires_at_idx" ON "member_sessions"("expires_at");


-- From here on: what schema.prisma cannot say.

-- For a statement that ends a member's sessions. A session that began meanwhile is not in its snapshot. This looks at its
-- end, at what is there by then, and undoes it where a session is left.
CREATE FUNCTION "refuse_open_sessions"(of_organization uuid, of_member uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM member_sessions
     WHERE organization_id = of_organization AND member_id = of_member AND ended_at IS NULL) THEN
    RAISE check_violation
      USING CONSTRAINT = 'member_left_behind', MESSAGE = 'a session of the member began meanwhile';
  END IF;
END
$$;

-- As before it, but sessions that were ended may stay.
CREATE OR REPLACE FUNCTION "refuse_left_behind"(of_organization uuid, of_member uuid, address text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM customer_seats
     WHERE organization_id = of_organization AND member_id = of_member AND status <> 'revoked'
       AND (address IS NULL OR email IS DISTINCT FROM address)) THEN
    RAISE check_violation
      USING CONSTRAINT = 'member_left_behind', MESSAGE = 'the member was given a seat meanwhile';
  END IF;
  IF address IS NULL THEN
    PERFORM refuse_open_sessions(of_organization, of_member);
  END IF;
END
$$;

-- For whoever has taken a claimed seat from a member: ends the sessions that the member's claims began, where they hold no
-- other live seat and only have the role of a member, tells every process, and answers whether there were any. Whoever calls it holds the
-- member's row, so that of two who take the last two seats at the same time the later one sees that none is left.
CREATE FUNCTION "end_sessions_without_seat"(of_organization uuid, of_member uuid, at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE member_sessions AS s SET ended_at = at
    FROM members AS m
   WHERE s.organization_id = of_organization AND s.member_id = of_member AND s.ended_at IS NULL AND s.begun_by_claim
     AND m.organization_id = of_organization AND m.id = of_member AND m.role = 'member'
     AND NOT EXISTS (
       SELECT FROM customer_seats AS seat
        WHERE seat.organization_id = of_organization AND seat.member_id = of_member AND seat.status <> 'revoked');
  IF FOUND THEN
    PERFORM pg_notify('usher_token_changes', '');
  END IF;
  RETURN FOUND;
END
$$;
