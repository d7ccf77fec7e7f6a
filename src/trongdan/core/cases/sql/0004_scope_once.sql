-- Row security that reads the scope once a statement, not once a row (bench/: an inbox of a post with thousands in hand).
-- What a scope sees is as before: its own case, or its rows in td_case_access of today, in which denials win.
CREATE FUNCTION td_scope_case() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (td_scope() ->> 'case')::uuid $$;
CREATE FUNCTION td_scope_agencies() RETURNS text[] LANGUAGE sql STABLE AS
    $$ SELECT ARRAY(SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]'))) $$;
CREATE FUNCTION td_scope_posts() RETURNS text[] LANGUAGE sql STABLE AS
    $$ SELECT ARRAY(SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'posts', '[]'))) $$;

-- The parts of the scope come as arguments so that a policy computes them once. Tells no more than a scope of the same
-- parts would: whoever may call it sets the scope as well.
CREATE FUNCTION td_seen(wanted uuid, own uuid, agencies text[], posts text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    allowed boolean;
BEGIN
    IF own = wanted THEN RETURN true; END IF;
    SELECT bool_and(NOT a.deny) INTO allowed FROM td_case_access a
    WHERE a.case_id = wanted AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts))
      AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date);
    RETURN coalesce(allowed, false);
END $$;
ALTER FUNCTION td_seen(uuid, uuid, text[], text[]) OWNER TO td_definer;

CREATE OR REPLACE FUNCTION td_sees(wanted uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN td_seen(wanted, td_scope_case(), td_scope_agencies(), td_scope_posts());
END $$;

ALTER POLICY seen ON td_case USING ((SELECT td_scope_all())
    OR td_seen(id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())));
ALTER POLICY seen ON td_event USING ((SELECT td_scope_all())
    OR td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())));
ALTER POLICY seen ON td_clock USING ((SELECT td_scope_all())
    OR td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())));
ALTER POLICY seen ON td_content USING ((SELECT td_scope_all())
    OR td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())));
