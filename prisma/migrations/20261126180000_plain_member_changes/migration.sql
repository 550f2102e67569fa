-- A change of a member locks the member and their seats, and reads them after that. It needs no check at its end.

DROP FUNCTION "refuse_left_behind";
DROP FUNCTION "refuse_open_sessions";
