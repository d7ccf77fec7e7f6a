-- What people said in a place, for who goes there (board/listening). Sums only; what is kept in the vault or was withdrawn as a
-- state secret is in none of them, and a count under `few` never leaves the database. Totals are rounded down to `few`, so
-- that nobody finds a count left out by taking away the others.
CREATE INDEX td_case_heard ON td_case ((coalesce(commune, agency)), opened_on) INCLUDE (kind, topic, agency)
    WHERE parent IS NULL AND NOT vault AND secret IS NULL;

-- Whether the scope stands above a place, by administration or by line, or is the Front: from the place upwards, a few rows,
-- where td_agencies_below() walks the whole tree (bench/visit: 30 ms a call).
CREATE FUNCTION td_above(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE up AS (
        SELECT a.under_id, a.line_id FROM td_agency a WHERE a.code = wanted
        UNION
        SELECT a.under_id, a.line_id FROM up CROSS JOIN LATERAL (VALUES (up.under_id), (up.line_id)) n (code)
        JOIN td_agency a ON a.code = n.code)
    SELECT NOT wanted = ANY (td_scope_agencies()) AND (
        EXISTS (SELECT FROM up WHERE up.under_id = ANY (td_scope_agencies()) OR up.line_id = ANY (td_scope_agencies()))
        OR EXISTS (SELECT FROM td_agency f WHERE f.code = ANY (td_scope_agencies()) AND f.kind = 'front'))
$$;
CREATE FUNCTION td_hears(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT td_scope_all() OR wanted = ANY (td_scope_agencies()) OR td_above(wanted) $$;

-- Each letter, recommendation and question once, with how many spans of days before `day` it came (0: the last `span` days).
-- The agencies of the place itself count only what lies with them: a letter that passed them by must not show as a number.
CREATE FUNCTION td_said(place text, day date, span int, spans int, kinds text[], above boolean)
RETURNS TABLE (source text, topic text, ago int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.kind, c.topic, (day - c.opened_on) / span FROM td_case c
    WHERE coalesce(c.commune, c.agency) = place AND c.opened_on > day - span * spans AND c.opened_on <= day
      AND c.parent IS NULL AND NOT c.vault AND c.secret IS NULL AND c.kind = ANY (kinds) AND (above OR c.agency = place)
    UNION ALL
    SELECT 'question', q.topic, (day - (q.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) / span
    FROM td_case m JOIN td_dialogue_question q ON q.meeting = m.id
    WHERE m.kind IN ('dialogue.conference', 'dialogue.enterprises') AND m.agency = place AND q.status <> 'held'
      AND (q.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN day - span * spans + 1 AND day
$$;

CREATE FUNCTION td_heard(place text, day date, span int, spans int, kinds text[], few int)
RETURNS TABLE (axis text, key text, now bigint, was bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    above boolean := td_scope_all() OR td_above(place);
BEGIN
    IF NOT td_hears(place) THEN RETURN; END IF;
    RETURN QUERY
        WITH said AS MATERIALIZED (SELECT * FROM td_said(place, day, span, spans, kinds, above)), counted AS (
            SELECT 'topic' AS axis, coalesce(s.topic, '') AS key, count(*) FILTER (WHERE s.ago = 0) AS n,
                   count(*) FILTER (WHERE s.ago = 1) AS m FROM said s GROUP BY 2
            UNION ALL
            SELECT 'source', s.source, count(*) FILTER (WHERE s.ago = 0) / few * few,
                   count(*) FILTER (WHERE s.ago = 1) / few * few FROM said s GROUP BY 2
            UNION ALL
            SELECT 'span', s.ago::text, count(*) / few * few, 0 FROM said s GROUP BY 2)
        SELECT c.axis, c.key, CASE WHEN c.n >= few THEN c.n END, CASE WHEN c.m >= few THEN c.m END
        FROM counted c WHERE c.n >= few OR c.m >= few
        ORDER BY c.axis, CASE WHEN c.n >= few THEN c.n END DESC NULLS LAST, c.key;
END $$;

-- How much was heard in each commune below the scope, for the list of places.
CREATE FUNCTION td_heard_places(day date, span int, kinds text[], few int)
RETURNS TABLE (place text, now bigint, was bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.code, CASE WHEN n.now >= few THEN n.now / few * few END, CASE WHEN n.was >= few THEN n.was / few * few END
    FROM (SELECT g.code FROM td_agency g WHERE g.level = 'xa' AND g.kind = 'committee' AND g.valid_to IS NULL AND td_above(g.code)) a
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE c.opened_on > day - span) AS now, count(*) FILTER (WHERE c.opened_on <= day - span) AS was
        FROM td_case c WHERE coalesce(c.commune, c.agency) = a.code AND c.opened_on > day - 2 * span AND c.opened_on <= day
          AND c.parent IS NULL AND NOT c.vault AND c.secret IS NULL AND c.kind = ANY (kinds)) n
    ORDER BY CASE WHEN n.now >= few THEN n.now / few END DESC NULLS LAST, a.code
$$;

-- Words that a person has read and let go: questions of announced dialogues, and letters made public by a decision, at any stage.
CREATE FUNCTION td_heard_words(place text, since date, most int)
RETURNS TABLE (source text, topic text, words text, on_date date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT td_hears(place) THEN RETURN; END IF;
    RETURN QUERY
        (SELECT 'question', q.topic, q.public_text, (q.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
         FROM td_case m JOIN td_dialogue_question q ON q.meeting = m.id
         WHERE m.kind IN ('dialogue.conference', 'dialogue.enterprises') AND m.agency = place
           AND m.step IN ('noticed', 'in_session', 'held', 'published')
           AND q.status = 'released' AND q.same_as IS NULL AND q.at >= since
         ORDER BY q.supports DESC, q.at DESC LIMIT most)
        UNION ALL
        (SELECT c.kind, c.topic, t.body, c.opened_on
         FROM td_case c
         JOIN LATERAL (SELECT e.payload FROM td_event e WHERE e.case_id = c.id AND e.tag LIKE '%:publication:%'
                       ORDER BY e.seq DESC LIMIT 1) last ON last.payload #>> '{data,public_stage}' IN ('inside', 'council', 'public')
         JOIN LATERAL (SELECT e.payload FROM td_event e WHERE e.case_id = c.id AND e.tag LIKE '%:publication:%'
                       AND e.payload #> '{data,public_text}' IS NOT NULL ORDER BY e.seq DESC LIMIT 1) said ON true
         JOIN td_content t ON t.id = (said.payload #>> '{data,public_text,content}')::uuid AND t.body IS NOT NULL
         WHERE c.agency = place AND c.opened_on >= since AND c.final AND NOT c.vault AND c.secret IS NULL
         ORDER BY c.opened_on DESC LIMIT most);
END $$;

-- What the agency of a place owes now: open, late, the oldest limit. The vault is in none of it.
CREATE FUNCTION td_owed_by(place text) RETURNS TABLE (open bigint, late bigint, oldest date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT td_hears(place) THEN RETURN; END IF;
    RETURN QUERY SELECT count(*), count(*) FILTER (WHERE c.due_on < current_date), min(c.due_on) FILTER (WHERE c.due_on < current_date)
        FROM td_case c WHERE c.agency = place AND NOT c.final AND NOT c.vault AND c.secret IS NULL;
END $$;

-- Voters' recommendations about a place by how far they have come. Deputies made them public; none is a person's.
CREATE FUNCTION td_voters_in(place text, since date) RETURNS TABLE (step text, cases bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT td_hears(place) THEN RETURN; END IF;
    RETURN QUERY SELECT c.step, count(*) FROM td_case c
        WHERE c.kind = 'coordination.voter_recommendation' AND coalesce(c.commune, c.agency) = place AND c.opened_on >= since
        GROUP BY 1;
END $$;

ALTER FUNCTION td_above(text) OWNER TO td_definer;
ALTER FUNCTION td_hears(text) OWNER TO td_definer;
ALTER FUNCTION td_said(text, date, int, int, text[], boolean) OWNER TO td_definer;
ALTER FUNCTION td_heard(text, date, int, int, text[], int) OWNER TO td_definer;
ALTER FUNCTION td_heard_places(date, int, text[], int) OWNER TO td_definer;
ALTER FUNCTION td_heard_words(text, date, int) OWNER TO td_definer;
ALTER FUNCTION td_owed_by(text) OWNER TO td_definer;
ALTER FUNCTION td_voters_in(text, date) OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_said(text, date, int, int, text[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_said(text, date, int, int, text[], boolean) TO td_definer;
