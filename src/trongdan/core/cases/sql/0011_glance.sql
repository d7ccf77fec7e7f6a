-- One's way into a case that is not one's own, for a day: only beside an event that says why, in one transaction with it.
-- Never a case of the vault, of a state secret, or one that a conflict keeps from the post, its agency or its holder.
CREATE FUNCTION td_glance(wanted uuid, by_post text, by_agency text, by_person text, until date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM td_case c WHERE c.id = wanted AND NOT c.vault AND c.secret IS NULL)
       OR EXISTS (SELECT 1 FROM td_case_access a WHERE a.case_id = wanted AND a.deny
                  AND (a.agency = by_agency OR a.appointment IN (by_post, 'person:' || by_person))) THEN
        RETURN false;
    END IF;
    INSERT INTO td_case_access (case_id, agency, appointment, deny, reason, valid_to)
    VALUES (wanted, NULL, by_post, false, 'mở xem có lý do', until)
    ON CONFLICT (case_id, coalesce(agency, ''), coalesce(appointment, ''), deny)
    DO UPDATE SET valid_to = greatest(td_case_access.valid_to, excluded.valid_to);
    RETURN true;
END $$;
GRANT UPDATE (valid_to) ON td_case_access TO td_definer;
ALTER FUNCTION td_glance(uuid, text, text, text, date) OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_glance(uuid, text, text, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_glance(uuid, text, text, text, date) TO td_web;
