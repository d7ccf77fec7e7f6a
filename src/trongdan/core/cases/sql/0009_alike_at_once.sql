-- What is asked of letters on one matter, asked for all of them at once: access by a set and not by a function for each, and
-- the plan of the worker's look-up kept. A cause of thousands is walked in milliseconds. What is seen is as before.
DROP INDEX td_group_member_group;
CREATE INDEX td_group_member_group ON td_group_member (group_id, since, case_id) WHERE group_id IS NOT NULL;

CREATE OR REPLACE FUNCTION td_alike_before(cases uuid[], terms bigint[], each_term int, most int)
RETURNS TABLE (of uuid, case_id uuid, whole bigint, files bigint, length int, sketch int[], sense int[], marks bigint[], commune text,
               group_id uuid)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (SELECT * FROM unnest(cases, terms) AS q (letter, term)),
    near AS (
        SELECT a.letter, n.case_id, count(*) AS shared FROM asked a CROSS JOIN LATERAL (
            SELECT t.case_id FROM td_alike_term t WHERE t.term = a.term AND t.case_id < a.letter
            ORDER BY t.case_id DESC LIMIT each_term) n
        GROUP BY 1, 2),
    best AS (SELECT n.letter, n.case_id, row_number() OVER (PARTITION BY n.letter ORDER BY n.shared DESC, n.case_id DESC) AS place FROM near n)
    SELECT b.letter, s.case_id, s.whole, s.files, s.length, s.sketch, s.sense, s.marks, s.commune, m.group_id
    FROM best b JOIN td_alike s ON s.case_id = b.case_id JOIN td_case c ON c.id = b.case_id
    LEFT JOIN td_group_member m ON m.case_id = b.case_id
    WHERE b.place <= most AND NOT c.vault AND c.secret IS NULL
    ORDER BY b.letter, b.place;
END $$;

-- The newest letters of a group that the scope sees. In it denials win, as everywhere.
CREATE OR REPLACE FUNCTION td_group_seen(wanted uuid, most int) RETURNS TABLE (case_id uuid, reasons jsonb, by_person boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole boolean := td_scope_all();
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
BEGIN
    RETURN QUERY
        SELECT m.case_id, m.reasons, m.by_person FROM td_group_member m JOIN td_case c ON c.id = m.case_id
        WHERE m.group_id = wanted AND NOT c.vault AND c.secret IS NULL AND (whole OR (
            SELECT bool_and(NOT a.deny) FROM td_case_access a
            WHERE a.case_id = m.case_id AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts))
              AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date)))
        ORDER BY m.since DESC, m.case_id DESC LIMIT most;
END $$;
ALTER FUNCTION td_group_seen(uuid, int) OWNER TO td_definer;

CREATE OR REPLACE FUNCTION td_group_elsewhere(wanted uuid) RETURNS TABLE (agency text, letters bigint, first_on date, last_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
BEGIN
    IF td_scope_all() OR NOT EXISTS (SELECT FROM td_group_seen(wanted, 1)) THEN RETURN; END IF;
    RETURN QUERY
        SELECT c.agency, count(*), min(c.opened_on), max(c.opened_on)
        FROM td_group_member m JOIN td_case c ON c.id = m.case_id
        WHERE m.group_id = wanted AND NOT c.vault AND c.secret IS NULL
          AND NOT EXISTS (SELECT FROM td_case_access a WHERE a.case_id = c.id
                          AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts)))
        GROUP BY 1 ORDER BY 2 DESC, 1;
END $$;

CREATE OR REPLACE FUNCTION td_same_sender(one uuid, other uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT lower(a.name) = lower(b.name) AND (regexp_replace(a.phone, '\D', '', 'g') = regexp_replace(b.phone, '\D', '', 'g')
                     OR lower(a.address) = lower(b.address))
        FROM td_identity a JOIN td_identity b ON b.role = a.role
        WHERE a.case_id = one AND b.case_id = other AND a.role = 'sender' AND (td_scope_all() OR td_sees(one))), false)
$$;

CREATE OR REPLACE FUNCTION td_group_history(of_case uuid) RETURNS TABLE (case_id uuid, letter uuid, kind text, agency text, step text, final boolean,
    late boolean, outcome text, opened_on date, closed_on date, due_on date, same_sender boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    everything boolean := td_scope_all();
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
BEGIN
    IF NOT (td_scope_all() OR td_sees(of_case)) THEN RETURN; END IF;
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT m.case_id AS id FROM td_group_member o
            JOIN td_group_member m ON m.group_id = o.group_id AND m.case_id <> o.case_id JOIN td_case r ON r.id = m.case_id
            WHERE o.case_id = of_case AND NOT r.vault AND r.secret IS NULL ORDER BY m.since DESC, m.case_id DESC LIMIT 300),
        sent AS MATERIALIZED (  -- as td_same_sender, for all at once
            SELECT n.id, coalesce(lower(a.name) = lower(b.name) AND (regexp_replace(a.phone, '\D', '', 'g')
                   = regexp_replace(b.phone, '\D', '', 'g') OR lower(a.address) = lower(b.address)), false) AS own
            FROM near n LEFT JOIN td_identity a ON a.case_id = of_case AND a.role = 'sender'
            LEFT JOIN td_identity b ON b.case_id = n.id AND b.role = 'sender'),
        files AS MATERIALIZED (
            SELECT n.id, n.id AS letter, n.own FROM sent n
            UNION ALL SELECT c.id, n.id, n.own FROM sent n JOIN td_case c ON c.parent = n.id)
        SELECT CASE WHEN seen.ok THEN c.id END, CASE WHEN seen.ok THEN f.letter END, c.kind, c.agency, c.step, c.final, c.late, c.outcome,
               c.opened_on, c.closed_on, c.due_on, f.own
        FROM files f JOIN td_case c ON c.id = f.id CROSS JOIN LATERAL (
            SELECT everything OR coalesce(bool_and(NOT a.deny), false) AS ok FROM td_case_access a
            WHERE a.case_id = f.id AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts))
              AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date)) seen
        WHERE NOT c.vault AND c.secret IS NULL
          AND NOT EXISTS (SELECT FROM td_case_access a WHERE a.case_id IN (f.id, f.letter) AND a.deny
                          AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts)))
        ORDER BY c.opened_on, c.id;
END $$;

CREATE OR REPLACE FUNCTION td_first_of(wanted uuid) RETURNS TABLE (reference text, opened_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN td_same_sender(wanted, c.id) THEN c.reference END, c.opened_on
    FROM td_repeat r JOIN td_case c ON c.id = r.first
    WHERE r.case_id = wanted AND (td_scope_all() OR td_sees(wanted)) AND NOT c.vault AND c.secret IS NULL
$$;

CREATE OR REPLACE FUNCTION td_group_growth(since_day date, fewest int)
RETURNS TABLE (group_id uuid, week date, letters bigint, people bigint, agencies text[], communes text[], mine boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    everything boolean := td_scope_all();
    of_agencies text[] := td_scope_agencies();
    of_posts text[] := td_scope_posts();
    watched text[] := ARRAY(SELECT unnest(of_agencies) UNION SELECT td_agencies_below());
BEGIN
    RETURN QUERY
        WITH lately AS MATERIALIZED (
            SELECT DISTINCT m.group_id FROM td_group_member m WHERE m.group_id IS NOT NULL AND m.since >= since_day),
        inside AS MATERIALIZED (
            SELECT m.group_id, c.opened_on, c.agency, c.commune, coalesce(s.people, 1) AS people, seen.allowed
            FROM lately l JOIN td_group_member m ON m.group_id = l.group_id JOIN td_case c ON c.id = m.case_id
            LEFT JOIN td_alike s ON s.case_id = c.id LEFT JOIN td_repeat r ON r.case_id = c.id
            CROSS JOIN LATERAL (
                SELECT bool_and(NOT a.deny) AS allowed FROM td_case_access a
                WHERE a.case_id = c.id AND (a.agency = ANY (of_agencies) OR a.appointment = ANY (of_posts))
                  AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date)) seen
            WHERE (everything OR c.agency = ANY (watched)) AND NOT c.vault AND c.secret IS NULL AND r.case_id IS NULL
              AND seen.allowed IS DISTINCT FROM false),
        big AS (
            SELECT i.group_id, everything OR coalesce(bool_or(i.allowed), false) AS mine FROM inside i GROUP BY 1
            HAVING everything OR sum(i.people) >= fewest OR coalesce(bool_or(i.allowed), false))
        SELECT i.group_id, date_trunc('week', i.opened_on)::date, count(*), sum(i.people)::bigint, array_agg(DISTINCT i.agency),
               array_agg(DISTINCT i.commune) FILTER (WHERE i.commune IS NOT NULL), b.mine
        FROM inside i JOIN big b ON b.group_id = i.group_id GROUP BY 1, 2, b.mine ORDER BY 1, 2;
END $$;
