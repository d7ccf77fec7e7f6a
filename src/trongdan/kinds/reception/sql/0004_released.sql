-- Points of conclusions counted by the day that was given first, and the figures disclosed in stages by a decision (domain 22-24).
-- Vault cases and those with signs of a state secret are in nothing of this.
DROP FUNCTION td_promises(date, date, date);

-- Each point that binds, by the day it was bound: the day given first, the one that binds now, when it was reported done, how
-- often its day was moved. For the functions below alone.
CREATE FUNCTION td_points(since date, until date)
RETURNS TABLE (id uuid, root uuid, agency text, post text, done boolean, bound date, first_due date, due date, stopped date, moves int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.parent, c.agency, c.assigned, c.final, b.on_date, b.due, k.due_at, k.stopped_on,
           (SELECT count(*)::int FROM td_event m WHERE m.case_id = c.id AND m.tag = 'point:date:moved')
    FROM td_case c JOIN td_clock k ON k.case_id = c.id AND k.clock_id = 'finish'
    CROSS JOIN LATERAL (
        SELECT e.on_date, (SELECT (n ->> 'due')::date FROM jsonb_array_elements(e.payload -> 'clocks') n WHERE n ->> 'clock' = 'finish') AS due
        FROM td_event e WHERE e.case_id = c.id AND e.tag = 'point:binding:recorded' ORDER BY e.seq LIMIT 1) AS b
    WHERE c.kind = 'reception.point' AND NOT c.vault AND c.secret IS NULL AND c.opened_on <= until
      AND b.on_date BETWEEN since AND until AND (NOT c.final OR c.outcome = 'done')
$$;

-- Sums by agency and post for those who answer for the agencies. `moved`: done by a day that was moved, after the one given first;
-- `redated`: of all, how many had their day moved, whatever became of them.
CREATE FUNCTION td_promises(since date, until date, today date)
RETURNS TABLE (agency text, post text, kept bigint, moved bigint, late bigint, broken bigint, running bigint, redated bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.agency, p.post,
           count(*) FILTER (WHERE p.done AND p.stopped <= p.due AND p.stopped <= p.first_due),
           count(*) FILTER (WHERE p.done AND p.stopped <= p.due AND p.stopped > p.first_due),
           count(*) FILTER (WHERE p.done AND p.stopped > p.due),
           count(*) FILTER (WHERE NOT p.done AND p.due < today),
           count(*) FILTER (WHERE NOT p.done AND p.due >= today),
           count(*) FILTER (WHERE p.moves > 0)
    FROM td_points(since, until) p WHERE p.agency IN (SELECT td_reception_bodies())
    GROUP BY 1, 2 ORDER BY 6 DESC, 1, 2
$$;

-- A decision that disclosed the figures of a period, as they stood that day and already without small counts. Never changed: a
-- later one of the same period takes its place. `bodies` are those that the deciding agency answered for on that day.
CREATE TABLE td_promise_release (
    id          uuid PRIMARY KEY,
    n           bigint GENERATED ALWAYS AS IDENTITY,
    agency      text        NOT NULL,
    bodies      text[]      NOT NULL,
    since       date        NOT NULL,
    until       date        NOT NULL CHECK (until >= since),
    stage       text        NOT NULL CHECK (stage IN ('inside', 'council', 'public')),
    decision_no text        NOT NULL CHECK (decision_no <> ''),
    decision_on date        NOT NULL,
    as_of       date        NOT NULL,
    figures     jsonb       NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    post        text        NOT NULL,
    person      uuid        NOT NULL
);
CREATE INDEX td_promise_release_of ON td_promise_release (agency, since, until, n);

-- What a unit says of its own figure of a period; the newest stands beside it. Never changed.
CREATE TABLE td_promise_account (
    id     uuid PRIMARY KEY,
    n      bigint GENERATED ALWAYS AS IDENTITY,
    agency text        NOT NULL,
    since  date        NOT NULL,
    until  date        NOT NULL,
    words  text        NOT NULL CHECK (length(words) BETWEEN 1 AND 2000),
    at     timestamptz NOT NULL DEFAULT now(),
    post   text        NOT NULL,
    person uuid        NOT NULL
);
CREATE INDEX td_promise_account_of ON td_promise_account (agency, since, until, n);

ALTER TABLE td_promise_release ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_promise_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON td_promise_release FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR agency = ANY ((SELECT td_scope_agencies())::text[]))
    WITH CHECK (agency = ANY ((SELECT td_scope_agencies())::text[]));
CREATE POLICY own ON td_promise_account FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR agency = ANY ((SELECT td_scope_agencies())::text[]))
    WITH CHECK (agency = ANY ((SELECT td_scope_agencies())::text[]));
CREATE POLICY told ON td_promise_release FOR SELECT TO td_definer USING (true);
CREATE POLICY told ON td_promise_account FOR SELECT TO td_definer USING (true);
CREATE TRIGGER td_promise_release_append_only BEFORE UPDATE OR DELETE ON td_promise_release
    FOR EACH ROW EXECUTE FUNCTION td_refuse_change();
CREATE TRIGGER td_promise_account_append_only BEFORE UPDATE OR DELETE ON td_promise_account
    FOR EACH ROW EXECUTE FUNCTION td_refuse_change();
GRANT SELECT, INSERT ON td_promise_release, td_promise_account TO td_web;
GRANT SELECT ON td_promise_release, td_promise_account TO td_job, td_definer;

-- The newest decision on each period of each agency; for td_definer alone.
CREATE FUNCTION td_promise_releases() RETURNS SETOF td_promise_release
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT DISTINCT ON (agency, since, until) * FROM td_promise_release ORDER BY agency, since, until, n DESC $$;

-- What is disclosed to the scope, newest first: to everybody, to the council and the Front, to the agencies concerned. With what
-- the units say of their own figures.
CREATE FUNCTION td_promises_released(most int)
RETURNS TABLE (agency text, since date, until date, stage text, decision_no text, decision_on date, as_of date, figures jsonb,
               accounts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.agency, r.since, r.until, r.stage, r.decision_no, r.decision_on, r.as_of, r.figures,
           (SELECT coalesce(jsonb_object_agg(a.agency, a.words), '{}')
            FROM (SELECT DISTINCT ON (x.agency) x.agency, x.words FROM td_promise_account x
                  WHERE x.since = r.since AND x.until = r.until AND x.agency = ANY (r.bodies) ORDER BY x.agency, x.n DESC) AS a)
    FROM td_promise_releases() r
    WHERE r.stage = 'public'
       OR r.stage = 'council' AND (r.bodies && td_scope_agencies()
           OR EXISTS (SELECT FROM td_agency w WHERE w.code = ANY (td_scope_agencies()) AND w.kind IN ('front', 'council')))
    ORDER BY r.n DESC LIMIT most
$$;

-- What the units below the scope, and its own, say of their figures of a period.
CREATE FUNCTION td_promise_accounts(since_day date, until_day date) RETURNS TABLE (agency text, words text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT ON (a.agency) a.agency, a.words FROM td_promise_account a
    WHERE a.since = since_day AND a.until = until_day AND a.agency IN (SELECT td_reception_bodies())
    ORDER BY a.agency, a.n DESC
$$;

-- The points of public meetings, one by one, for everybody: only of a period that a decision made public, only in words that a
-- person released and did not take back. No reference of the point: nobody gets to the case from here.
CREATE POLICY concluded ON td_content FOR SELECT TO td_definer USING (field IN ('public_task', 'public_account'));
CREATE FUNCTION td_concluded(most int)
RETURNS TABLE (agency text, concluded_by text, meeting text, bound date, first_due date, due date, done boolean, stopped date,
               moves int, task text, account text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH open AS MATERIALIZED (SELECT * FROM td_promise_releases() WHERE stage = 'public')
    SELECT p.agency, m.agency, m.reference, p.bound, p.first_due, p.due, p.done, p.stopped, p.moves, t.body, a.body
    FROM (SELECT min(since) AS since, max(until) AS until FROM open) span
    CROSS JOIN LATERAL td_points(span.since, span.until) p
    JOIN td_case m ON m.id = p.root AND m.kind IN ('dialogue.conference', 'dialogue.enterprises') AND NOT m.vault
        AND m.secret IS NULL AND m.step IN ('held', 'published')
    CROSS JOIN LATERAL (SELECT e.tag, e.payload -> 'data' AS data FROM td_event e
                        WHERE e.case_id = p.id AND e.tag LIKE 'point:words:%' ORDER BY e.seq DESC LIMIT 1) AS said
    JOIN td_content t ON said.tag = 'point:words:released' AND t.id = (said.data #>> '{public_task,content}')::uuid
        AND t.case_id = p.id AND t.body IS NOT NULL
    LEFT JOIN td_content a ON a.id = (said.data #>> '{public_account,content}')::uuid AND a.case_id = p.id
    WHERE EXISTS (SELECT FROM open o WHERE p.agency = ANY (o.bodies) AND p.bound BETWEEN o.since AND o.until)
    ORDER BY p.bound DESC, p.id LIMIT most
$$;

ALTER FUNCTION td_points(date, date) OWNER TO td_definer;
ALTER FUNCTION td_promises(date, date, date) OWNER TO td_definer;
ALTER FUNCTION td_promise_releases() OWNER TO td_definer;
ALTER FUNCTION td_promises_released(int) OWNER TO td_definer;
ALTER FUNCTION td_promise_accounts(date, date) OWNER TO td_definer;
ALTER FUNCTION td_concluded(int) OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_points(date, date) FROM PUBLIC;
REVOKE ALL ON FUNCTION td_promise_releases() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_points(date, date), td_promise_releases() TO td_definer;
