-- For a statement that changes a member and all their live seats at once. Whoever gives somebody a seat holds the
-- member's row, so that such a statement waits; but it does not see the seat that was given meanwhile. This looks at its
-- end, at what is there by then, and undoes it where a seat was left behind: one of another address, or any at all where
-- there is no address.
CREATE FUNCTION "refuse_seats_left_behind"(of_organization uuid, of_member uuid, address text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM customer_seats
     WHERE organization_id = of_organization AND member_id = of_member AND status <> 'revoked'
       AND (address IS NULL OR email IS DISTINCT FROM address)) THEN
    RAISE check_violation
      USING CONSTRAINT = 'customer_seats_left_behind', MESSAGE = 'a seat was given to the member meanwhile';
  END IF;
END
$$;
