-- Letters about one matter: a keyed signature of each, the numbers by which like ones are found, the groups, and repeats.
-- All of it is derived after the receipt, by the worker, from letters outside the vault; what goes into the vault, is withdrawn
-- as a state secret or erased goes from here in the same turn, and no page shows it from the moment the case says so.
CREATE TABLE td_alike (
    case_id   uuid   PRIMARY KEY,
    opened_on date   NOT NULL,
    whole     bigint NOT NULL, -- of the whole text, folded
    files     bigint NOT NULL, -- of the files it came with, 0 for none
    length    int    NOT NULL, -- words
    sketch    int[]  NOT NULL,
    sense     int[]  NOT NULL,
    marks     bigint[] NOT NULL, -- what it names
    commune   text   NOT NULL DEFAULT '',
    people    int    NOT NULL DEFAULT 1 -- how many it says it is from
);
-- A letter's id begins with its time: the newest of a number are read first, and no more than a few, however many there are.
CREATE TABLE td_alike_term (
    term    bigint NOT NULL,
    case_id uuid   NOT NULL,
    PRIMARY KEY (term, case_id)
);
CREATE INDEX td_alike_term_case ON td_alike_term (case_id);
CREATE TABLE td_group_member (
    case_id   uuid PRIMARY KEY,
    group_id  uuid,            -- empty: a person took it out
    since     date NOT NULL,
    by_person boolean NOT NULL DEFAULT false,
    reasons   jsonb NOT NULL DEFAULT '[]',
    out_of    uuid[] NOT NULL DEFAULT '{}' -- where the machine may not put it again
);
CREATE INDEX td_group_member_group ON td_group_member (group_id, since) WHERE group_id IS NOT NULL;
CREATE INDEX td_group_member_since ON td_group_member (since DESC) WHERE group_id IS NOT NULL;
CREATE TABLE td_repeat (
    case_id uuid PRIMARY KEY,
    first   uuid NOT NULL
);
CREATE INDEX td_repeat_first ON td_repeat (first);

ALTER TABLE td_alike ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_alike_term ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_group_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_repeat ENABLE ROW LEVEL SECURITY;
CREATE POLICY fill ON td_alike FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
CREATE POLICY fill ON td_alike_term FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
CREATE POLICY own ON td_alike FOR SELECT TO td_definer USING (true);
CREATE POLICY own ON td_alike_term FOR SELECT TO td_definer USING (true);
CREATE POLICY own ON td_group_member FOR SELECT TO td_definer USING (true);
CREATE POLICY own ON td_repeat FOR SELECT TO td_definer USING (true);
CREATE POLICY seen ON td_group_member FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all())
           OR td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())))
    WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY seen ON td_repeat FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all())
           OR td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())))
    WITH CHECK ((SELECT td_scope_is_set()));
GRANT SELECT, INSERT, UPDATE, DELETE ON td_alike, td_alike_term, td_group_member, td_repeat TO td_job;
GRANT SELECT, INSERT, UPDATE ON td_group_member, td_repeat TO td_web;
GRANT SELECT ON td_alike, td_alike_term, td_group_member, td_repeat TO td_definer;

-- Earlier letters that share a number with a new one: of each number the newest few, of these the ones that share most.
-- For the worker, which sees all; never a vault case, nor one withdrawn as a state secret.
CREATE FUNCTION td_alike_before(cases uuid[], terms bigint[], each_term int, most int)
RETURNS TABLE (of uuid, case_id uuid, whole bigint, files bigint, length int, sketch int[], sense int[], marks bigint[], commune text,
               group_id uuid)
LANGUAGE sql STABLE AS $$
    WITH asked AS MATERIALIZED (SELECT * FROM unnest(cases, terms) AS q (of, term)),
    near AS (
        SELECT a.of, n.case_id, count(*) AS shared FROM asked a CROSS JOIN LATERAL (
            SELECT t.case_id FROM td_alike_term t WHERE t.term = a.term AND t.case_id < a.of
            ORDER BY t.case_id DESC LIMIT each_term) n
        GROUP BY 1, 2),
    best AS (SELECT n.of, n.case_id, row_number() OVER (PARTITION BY n.of ORDER BY n.shared DESC, n.case_id DESC) AS place FROM near n)
    SELECT b.of, s.case_id, s.whole, s.files, s.length, s.sketch, s.sense, s.marks, s.commune, m.group_id
    FROM best b JOIN td_alike s ON s.case_id = b.case_id JOIN td_case c ON c.id = b.case_id
    LEFT JOIN td_group_member m ON m.case_id = b.case_id
    WHERE b.place <= most AND NOT c.vault AND c.secret IS NULL
    ORDER BY b.of, b.place
$$;

-- What of a group lies outside the scope: how many letters at which agency, no case of it. Only for who sees a letter of the
-- group; without vault cases, secrets, and whatever the scope is kept out of.
CREATE FUNCTION td_group_elsewhere(wanted uuid) RETURNS TABLE (agency text, letters bigint, first_on date, last_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, count(*), min(c.opened_on), max(c.opened_on)
    FROM td_group_member m JOIN td_case c ON c.id = m.case_id
    WHERE m.group_id = wanted AND NOT c.vault AND c.secret IS NULL AND NOT td_scope_all() AND NOT td_sees(c.id)
      AND NOT EXISTS (SELECT FROM td_case_access a WHERE a.case_id = c.id AND a.deny
                      AND (a.agency = ANY (td_scope_agencies()) OR a.appointment = ANY (td_scope_posts())))
      AND EXISTS (SELECT FROM td_group_member s WHERE s.group_id = wanted AND td_sees(s.case_id))
    GROUP BY 1 ORDER BY 2 DESC, 1
$$;

-- Whether two letters come from one person, by name and telephone or address as written; from nobody named: unknown.
CREATE FUNCTION td_same_sender(one uuid, other uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT lower(a.name) = lower(b.name) AND (regexp_replace(a.phone, '\D', '', 'g') = regexp_replace(b.phone, '\D', '', 'g')
                     OR lower(a.address) = lower(b.address))
        FROM td_identity a JOIN td_identity b ON b.role = a.role
        WHERE a.case_id = one AND b.case_id = other AND a.role = 'sender' AND td_sees(one)), false)
$$;
CREATE POLICY compared ON td_identity FOR SELECT TO td_definer USING (true);

-- What became of the matter in files of other letters of the group: of each letter and what was opened from it the kind, the
-- agency, where it stands. No case and no reference of what lies outside the scope.
CREATE FUNCTION td_group_history(of_case uuid) RETURNS TABLE (case_id uuid, letter uuid, kind text, agency text, step text, final boolean,
    late boolean, outcome text, opened_on date, closed_on date, due_on date, same_sender boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN td_sees(c.id) THEN c.id END, CASE WHEN td_sees(c.id) THEN m.case_id END, c.kind, c.agency, c.step, c.final, c.late,
           c.outcome, c.opened_on, c.closed_on, c.due_on, td_same_sender(of_case, m.case_id)
    FROM td_group_member own JOIN td_group_member m ON m.group_id = own.group_id AND m.case_id <> own.case_id
    JOIN td_case c ON c.id = m.case_id OR c.parent = m.case_id
    WHERE own.case_id = of_case AND td_sees(of_case) AND NOT c.vault AND c.secret IS NULL
      AND NOT EXISTS (SELECT FROM td_case r WHERE r.id = m.case_id AND (r.vault OR r.secret IS NOT NULL))
      AND NOT EXISTS (SELECT FROM td_case_access a WHERE a.case_id IN (c.id, m.case_id) AND a.deny
                      AND (a.agency = ANY (td_scope_agencies()) OR a.appointment = ANY (td_scope_posts())))
    ORDER BY c.opened_on, c.id LIMIT 200
$$;

-- The repeats of a case, for what follows when its sender asks to be kept secret: the same words stand in them.
CREATE FUNCTION td_repeats_of(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT case_id FROM td_repeat WHERE first = wanted AND (td_scope_all() OR td_sees(wanted)) $$;

-- The case that a repeat of the scope's own repeats, for its sender: the reference only when both come from one person.
CREATE FUNCTION td_first_of(wanted uuid) RETURNS TABLE (reference text, opened_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN td_same_sender(wanted, c.id) THEN c.reference END, c.opened_on
    FROM td_repeat r JOIN td_case c ON c.id = r.first
    WHERE r.case_id = wanted AND td_sees(wanted) AND NOT c.vault AND c.secret IS NULL
$$;

-- How groups grow, week by week since a day: letters and the people they say they are from, at how many agencies. A repeat is
-- nobody new. Sums of agencies of the scope and below it, from `fewest` people on, or of whatever size where the scope sees a
-- letter of it itself; without vault cases, secrets and what the scope is kept out of. No case.
CREATE FUNCTION td_group_growth(since_day date, fewest int)
RETURNS TABLE (group_id uuid, week date, letters bigint, people bigint, agencies text[], communes text[], mine boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH watched AS MATERIALIZED (
        SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]')) AS code UNION SELECT td_agencies_below()),
    lately AS MATERIALIZED (SELECT DISTINCT m.group_id FROM td_group_member m WHERE m.group_id IS NOT NULL AND m.since >= since_day),
    inside AS MATERIALIZED (
        SELECT m.group_id, c.id, c.opened_on, c.agency, c.commune, coalesce(s.people, 1) AS people FROM lately l
        JOIN td_group_member m ON m.group_id = l.group_id JOIN td_case c ON c.id = m.case_id
        LEFT JOIN td_alike s ON s.case_id = c.id LEFT JOIN td_repeat r ON r.case_id = c.id
        WHERE c.agency IN (SELECT code FROM watched) AND NOT c.vault AND c.secret IS NULL AND r.case_id IS NULL
          AND NOT EXISTS (SELECT FROM td_case_access a WHERE a.case_id = c.id AND a.deny
                          AND (a.agency = ANY (td_scope_agencies()) OR a.appointment = ANY (td_scope_posts())))),
    big AS (SELECT i.group_id, bool_or(td_sees(i.id)) AS mine FROM inside i GROUP BY 1 HAVING sum(i.people) >= fewest OR bool_or(td_sees(i.id)))
    SELECT i.group_id, date_trunc('week', i.opened_on)::date, count(*), sum(i.people)::bigint, array_agg(DISTINCT i.agency),
           array_agg(DISTINCT i.commune) FILTER (WHERE i.commune IS NOT NULL), b.mine
    FROM inside i JOIN big b ON b.group_id = i.group_id GROUP BY 1, 2, b.mine ORDER BY 1, 2
$$;

-- What those above a group's agencies read of its matter: a decision or a project that letters of it share. No place below
-- the commune, no parcel: these may be one household's.
CREATE FUNCTION td_group_matter(wanted uuid[]) RETURNS TABLE (group_id uuid, words text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT ON (m.group_id) m.group_id, r ->> 'words' FROM td_group_member m JOIN td_case c ON c.id = m.case_id
    CROSS JOIN LATERAL jsonb_array_elements(m.reasons) r
    WHERE m.group_id = ANY (wanted) AND r ->> 'kind' IN ('decision', 'project') AND NOT c.vault AND c.secret IS NULL
      AND td_scope() IS NOT NULL AND c.agency IN (SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]'))
                                                  UNION SELECT td_agencies_below())
    ORDER BY m.group_id, m.since
$$;

ALTER FUNCTION td_first_of(uuid) OWNER TO td_definer;
ALTER FUNCTION td_group_growth(date, int) OWNER TO td_definer;
ALTER FUNCTION td_group_matter(uuid[]) OWNER TO td_definer;
ALTER FUNCTION td_group_elsewhere(uuid) OWNER TO td_definer;
ALTER FUNCTION td_same_sender(uuid, uuid) OWNER TO td_definer;
ALTER FUNCTION td_group_history(uuid) OWNER TO td_definer;
ALTER FUNCTION td_repeats_of(uuid) OWNER TO td_definer;
