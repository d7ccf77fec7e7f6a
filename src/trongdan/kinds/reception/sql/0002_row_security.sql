-- The calendar is public once posted; before that it is its own agency's. A place in the queue is seen by the posts named in
-- td_case_access for its id, as a case is, and by whoever holds its slip. Marks and the audit are the agency's, only added.
ALTER TABLE td_reception_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_reception_booking ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_reception_mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_reception_audit ENABLE ROW LEVEL SECURITY;

CREATE POLICY posted ON td_reception_session FOR SELECT TO td_web, td_job
    USING ((SELECT td_scope_all()) OR posted_at IS NOT NULL OR agency = ANY ((SELECT td_scope_agencies())::text[]));
CREATE POLICY own ON td_reception_session FOR INSERT TO td_web
    WITH CHECK (agency = ANY ((SELECT td_scope_agencies())::text[]));
CREATE POLICY change ON td_reception_session FOR UPDATE TO td_web
    USING (agency = ANY ((SELECT td_scope_agencies())::text[]));
CREATE POLICY number ON td_reception_session FOR ALL TO td_definer USING (true);

CREATE POLICY seen ON td_reception_booking FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all())
        OR td_seen(id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())))
    WITH CHECK ((SELECT td_scope_is_set()));

CREATE POLICY seen ON td_reception_mark FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR agency = ANY ((SELECT td_scope_agencies())::text[]))
    WITH CHECK (agency = ANY ((SELECT td_scope_agencies())::text[]));
CREATE POLICY counted ON td_reception_mark FOR SELECT TO td_definer USING (true);

CREATE POLICY seen ON td_reception_audit FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR agency = ANY ((SELECT td_scope_agencies())::text[])
        OR subject = (SELECT td_scope_case()))
    WITH CHECK ((SELECT td_scope_is_set()));

CREATE TRIGGER td_reception_mark_append_only BEFORE UPDATE OR DELETE ON td_reception_mark
    FOR EACH ROW EXECUTE FUNCTION td_refuse_change();
CREATE TRIGGER td_reception_audit_append_only BEFORE UPDATE OR DELETE ON td_reception_audit
    FOR EACH ROW EXECUTE FUNCTION td_refuse_change();

GRANT SELECT, INSERT, UPDATE ON td_reception_session, td_reception_booking TO td_web;
GRANT SELECT, INSERT ON td_reception_mark, td_reception_audit TO td_web;
GRANT SELECT ON td_reception_session, td_reception_mark, td_reception_audit TO td_job;
GRANT SELECT ON td_reception_booking TO td_job;
GRANT SELECT, UPDATE ON td_reception_session TO td_definer;
GRANT SELECT ON td_reception_mark TO td_definer;

-- The next number of a posted session; NULL when it has no room left (`beyond`: who stands at the door is received all the same).
-- The row is held until the booking is kept.
CREATE FUNCTION td_reception_take(wanted uuid, beyond boolean) RETURNS smallint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE td_reception_session SET taken = taken + 1
    WHERE id = wanted AND posted_at IS NOT NULL AND moved_to_id IS NULL AND (beyond OR taken < capacity)
      AND on_date >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    RETURNING taken
$$;

-- The bodies whose reception days a scope looks after: its own and those below (Luật Tiếp công dân Đ5; NĐ 154/2026 Đ25 k1). An
-- inspectorate or a reception board looks as the body it works for. The Party's are below the Party alone.
CREATE FUNCTION td_reception_bodies() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE own AS (
        SELECT unnest(td_scope_agencies()) AS code
        UNION
        SELECT b.under_id FROM td_agency b WHERE b.code = ANY (td_scope_agencies()) AND b.kind = 'inspectorate'
        UNION
        SELECT o.under_id FROM td_agency b JOIN td_agency o ON o.code = b.under_id
        WHERE b.code = ANY (td_scope_agencies()) AND b.kind = 'reception_board'
    ), below AS (
        SELECT code FROM own WHERE code IS NOT NULL
        UNION
        SELECT a.code FROM td_agency a JOIN below b ON b.code IN (a.under_id, a.line_id)
    )
    SELECT code FROM below
$$;

-- Their reception days, with who came. No place in a queue, no person received.
CREATE FUNCTION td_reception_kept(since date, until date)
RETURNS TABLE (session uuid, agency text, post text, on_date date, sort text, put_off boolean, what text, mark_post text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.agency, s.post, s.on_date, s.sort, s.moved_to_id IS NOT NULL, m.what, m.post
    FROM td_reception_session s LEFT JOIN td_reception_mark m ON m.session_id = s.id
    WHERE s.on_date BETWEEN since AND until AND s.posted_at IS NOT NULL AND s.agency IN (SELECT td_reception_bodies())
    ORDER BY s.agency, s.on_date, s.starts, m.at
$$;

ALTER FUNCTION td_reception_take(uuid, boolean) OWNER TO td_definer;
ALTER FUNCTION td_reception_bodies() OWNER TO td_definer;
ALTER FUNCTION td_reception_kept(date, date) OWNER TO td_definer;
