-- The section beside a letter, within its time whatever the size of the matter (bench/, a million letters): the group is asked
-- for by its own index and not found by a walk over all groups' letters; who is kept out is asked case by case and not of the whole
-- table; what lies elsewhere is counted in the newest letters only, and says so (`whole`).
DROP FUNCTION td_group_elsewhere(uuid);
CREATE FUNCTION td_group_elsewhere(wanted uuid, most int)
RETURNS TABLE (agency text, letters bigint, first_on date, last_on date, whole boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
BEGIN
    IF td_scope_all() OR NOT EXISTS (SELECT FROM td_group_seen(wanted, 1)) THEN RETURN; END IF;
    RETURN QUERY
        WITH newest AS MATERIALIZED (
            SELECT m.case_id FROM td_group_member m WHERE m.group_id = wanted ORDER BY m.since DESC, m.case_id DESC LIMIT most)
        SELECT c.agency, count(*), min(c.opened_on), max(c.opened_on), (SELECT count(*) < most FROM newest)
        FROM newest n CROSS JOIN LATERAL (  -- one by one: the planner would rather read all cases than some hundreds by their key
            SELECT k.agency, k.opened_on FROM td_case k WHERE k.id = n.case_id AND NOT k.vault AND k.secret IS NULL
              AND NOT EXISTS (SELECT FROM td_case_access a WHERE a.case_id = n.case_id
                              AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts))) OFFSET 0) c
        GROUP BY 1 ORDER BY 2 DESC, 1;
END $$;
ALTER FUNCTION td_group_elsewhere(uuid, int) OWNER TO td_definer;

CREATE OR REPLACE FUNCTION td_group_history(of_case uuid) RETURNS TABLE (case_id uuid, letter uuid, kind text, agency text, step text, final boolean,
    late boolean, outcome text, opened_on date, closed_on date, due_on date, same_sender boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    everything boolean := td_scope_all();
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
    together uuid;
BEGIN
    IF NOT (everything OR td_sees(of_case)) THEN RETURN; END IF;
    SELECT m.group_id INTO together FROM td_group_member m WHERE m.case_id = of_case;
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT m.case_id AS id FROM td_group_member m JOIN td_case r ON r.id = m.case_id
            WHERE m.group_id = together AND m.case_id <> of_case AND NOT r.vault AND r.secret IS NULL
            ORDER BY m.since DESC, m.case_id DESC LIMIT 300),
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
          AND NOT EXISTS (SELECT FROM unnest(ARRAY[f.id, f.letter]) AS one JOIN td_case_access a ON a.case_id = one
                          WHERE a.deny AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts)))
        ORDER BY c.opened_on, c.id;
END $$;
