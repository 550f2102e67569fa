-- For a statement that changes a member and all their live seats at once. Whoever gives somebody a seat holds the
-- member's row, so that such a statement waits; but it does not see the seat that was given meanwhile. This looks at its
-- end, at what is there by then, and undoes it where something was left behind: a seat of another address, or, where there
-- is no address, since nothing may stay, any seat or session.
CREATE FUNCTION "refuse_left_behind"(of_organization uuid, of_member uuid, address text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM customer_seats
     WHERE organization_id = of_organization AND member_id = of_member AND status <> 'revoked'
       AND (address IS NULL OR email IS DISTINCT FROM address))
    OR address IS NULL AND EXISTS (
    SELECT FROM member_sessions WHERE organization_id = of_organization AND member_id = of_member) THEN
    RAISE check_violation
      USING CONSTRAINT = 'member_left_behind', MESSAGE = 'the member was given a seat or a session meanwhile';
  END IF;
END
$$;
