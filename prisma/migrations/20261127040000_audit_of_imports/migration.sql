-- An import can change the scopes and the expiry of a token.
ALTER TYPE "audit_event_type" ADD VALUE 'access_token_updated' BEFORE 'access_token_revoked';
