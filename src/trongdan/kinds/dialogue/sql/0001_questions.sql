-- Questions for a dialogue, who supports them, and the notes while listening. No case of their own: they belong to a meeting,
-- and lie under the row security of its case. Who asks is not asked for.
CREATE TABLE td_dialogue_question (
    id          uuid PRIMARY KEY,
    meeting     uuid        NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    channel     text        NOT NULL CHECK (channel IN ('portal', 'paper', 'phone', 'floor')),
    body        text        NOT NULL CHECK (length(body) <= 4000),
    topic       text,
    status      text        NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'released', 'held')),
    public_text text,       -- what a person has read and let go: shown to everybody
    held_reason text,
    same_as     uuid,       -- the question that speaks for it, when a person found them the same
    place_no    int,        -- its place in the order of the day
    supports    int         NOT NULL DEFAULT 0,
    answer      text,       -- a draft until the minutes are signed
    answer_how  text        CHECK (answer_how IN ('now', 'later', 'elsewhere')),
    answered_by text,
    salt        bytea,      -- of the commitment that the minutes hold
    CHECK (status <> 'released' OR public_text IS NOT NULL),
    CHECK (same_as IS NULL OR same_as <> id)
);
CREATE INDEX td_dialogue_question_meeting ON td_dialogue_question (meeting, at);

-- One support a device or a phone: a keyed mark of it, for this question alone; gone when the results are published.
CREATE TABLE td_dialogue_support (
    question uuid  NOT NULL,
    mark     bytea NOT NULL,
    PRIMARY KEY (question, mark)
);

-- Who did what to which question: the audit row of every write (design 3). No words.
CREATE TABLE td_dialogue_change (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    meeting  uuid        NOT NULL,
    question uuid        NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    post     text,
    person   uuid,
    what     text        NOT NULL
);
CREATE INDEX td_dialogue_change_meeting ON td_dialogue_change (meeting, id);

ALTER TABLE td_dialogue_question ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_dialogue_support ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_dialogue_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON td_dialogue_question FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR td_sees(meeting)) WITH CHECK ((SELECT td_scope_all()) OR td_sees(meeting));
CREATE POLICY seen ON td_dialogue_change FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR td_sees(meeting)) WITH CHECK ((SELECT td_scope_all()) OR td_sees(meeting));
CREATE POLICY gone ON td_dialogue_support FOR ALL TO td_job USING ((SELECT td_scope_all()));
CREATE POLICY own ON td_dialogue_question FOR ALL TO td_definer USING (true) WITH CHECK (true);
CREATE POLICY own ON td_dialogue_support FOR ALL TO td_definer USING (true) WITH CHECK (true);
CREATE POLICY own ON td_dialogue_change FOR ALL TO td_definer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON td_dialogue_question TO td_web;
GRANT SELECT ON td_dialogue_question TO td_job;
GRANT SELECT, INSERT ON td_dialogue_change TO td_web;
GRANT SELECT, DELETE ON td_dialogue_support TO td_job;
GRANT SELECT, INSERT, UPDATE ON td_dialogue_question TO td_definer;
GRANT SELECT, INSERT ON td_dialogue_support, td_dialogue_change TO td_definer;

-- ---- what the public sees of meetings: the facts of a notice, which are public by law ---------------------------------
CREATE POLICY meetings ON td_event FOR SELECT TO td_definer USING (kind IN ('dialogue.conference', 'dialogue.enterprises'));
CREATE INDEX td_case_meeting ON td_case (agency, opened_on DESC, id) WHERE kind IN ('dialogue.conference', 'dialogue.enterprises');
CREATE INDEX td_event_session ON td_event (on_date) WHERE tag IN ('dialogue:session:opened', 'enterprises:session:opened');

CREATE FUNCTION td_meeting_facts(wanted uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(d.key, d.value ORDER BY e.seq), '{}')
    FROM td_event e CROSS JOIN LATERAL jsonb_each(coalesce(e.payload -> 'data', '{}')) d
    WHERE e.case_id = wanted AND e.payload ? 'edge'
      AND d.key IN ('occasion', 'subject', 'held_on', 'starts_at', 'place', 'questions_until')
$$;

-- Meetings that were announced, the newest day first: of one agency, or of all.
CREATE FUNCTION td_meetings(of text, most int)
RETURNS TABLE (case_id uuid, reference text, kind text, agency text, step text, facts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id, m.reference, m.kind, m.agency, m.step, m.facts
    FROM (SELECT c.id, c.reference, c.kind, c.agency, c.step, td_meeting_facts(c.id) AS facts
          FROM td_case c
          WHERE c.kind IN ('dialogue.conference', 'dialogue.enterprises') AND (of IS NULL OR c.agency = of)
            AND c.step IN ('noticed', 'in_session', 'held', 'published')
          ORDER BY c.opened_on DESC, c.id LIMIT most * 2) m
    ORDER BY m.facts ->> 'held_on' DESC NULLS LAST LIMIT most
$$;

-- One announced meeting by its reference; nothing when it is not announced.
CREATE FUNCTION td_meeting(wanted text)
RETURNS TABLE (case_id uuid, reference text, kind text, agency text, step text, facts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.reference, c.kind, c.agency, c.step, td_meeting_facts(c.id)
    FROM td_case c
    WHERE c.reference = wanted AND c.kind IN ('dialogue.conference', 'dialogue.enterprises')
      AND c.step IN ('noticed', 'in_session', 'held', 'published')
$$;

-- The questions that a person let go, one for each group; the answers once the results are published.
CREATE FUNCTION td_meeting_questions(wanted uuid)
RETURNS TABLE (id uuid, words text, topic text, people bigint, supports bigint, answer text, answer_how text, answered_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT q.id, q.public_text, q.topic,
           1 + (SELECT count(*) FROM td_dialogue_question s WHERE s.same_as = q.id),
           q.supports + (SELECT coalesce(sum(s.supports), 0) FROM td_dialogue_question s WHERE s.same_as = q.id),
           CASE WHEN c.step = 'published' THEN q.answer END, CASE WHEN c.step = 'published' THEN q.answer_how END,
           CASE WHEN c.step = 'published' THEN q.answered_by END
    FROM td_dialogue_question q JOIN td_case c ON c.id = q.meeting
    WHERE q.meeting = wanted AND q.status = 'released' AND q.same_as IS NULL
      AND c.kind IN ('dialogue.conference', 'dialogue.enterprises') AND c.step IN ('noticed', 'in_session', 'held', 'published')
    ORDER BY q.place_no NULLS LAST, q.at
$$;

-- A question from the portal, while the meeting takes questions. False when it does not. The same id twice is one question.
CREATE FUNCTION td_meeting_ask(wanted uuid, question uuid, words text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM td_case c WHERE c.id = wanted AND c.step = 'noticed'
                   AND c.kind IN ('dialogue.conference', 'dialogue.enterprises')
                   AND coalesce((td_meeting_facts(wanted) ->> 'questions_until')::date,
                                (td_meeting_facts(wanted) ->> 'held_on')::date, day) >= day) THEN
        RETURN false;
    END IF;
    INSERT INTO td_dialogue_question (id, meeting, channel, body) VALUES (question, wanted, 'portal', words) ON CONFLICT DO NOTHING;
    INSERT INTO td_dialogue_change (meeting, question, what) VALUES (wanted, question, 'asked');
    RETURN true;
END $$;

-- A support: counted once a mark. NULL when the question is not open to support, else whether it was new.
CREATE FUNCTION td_meeting_support(wanted uuid, by_mark bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fresh boolean;
BEGIN
    PERFORM FROM td_dialogue_question q JOIN td_case c ON c.id = q.meeting
        WHERE q.id = wanted AND q.status = 'released' AND q.same_as IS NULL AND c.step IN ('noticed', 'in_session') FOR UPDATE OF q;
    IF NOT FOUND THEN RETURN NULL; END IF;
    INSERT INTO td_dialogue_support (question, mark) VALUES (wanted, by_mark) ON CONFLICT DO NOTHING;
    fresh := FOUND;
    IF fresh THEN UPDATE td_dialogue_question SET supports = supports + 1 WHERE id = wanted; END IF;
    RETURN fresh;
END $$;

-- The days on which conferences with the people were held and minuted, by agency: public by law, and what a duty is counted by.
CREATE FUNCTION td_meetings_held(since date, until date) RETURNS TABLE (agency text, held date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, e.on_date FROM td_event e JOIN td_case c ON c.id = e.case_id
    WHERE e.tag IN ('dialogue:session:opened', 'enterprises:session:opened') AND e.on_date BETWEEN since AND until
      AND c.kind = 'dialogue.conference' AND c.step IN ('held', 'published')
$$;

-- Meetings whose results are out and whose marks of support are still here: the worker takes them away.
CREATE FUNCTION td_meeting_marks_left(most int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.question FROM td_dialogue_support s JOIN td_dialogue_question q ON q.id = s.question
    JOIN td_case c ON c.id = q.meeting WHERE c.final LIMIT most
$$;

ALTER FUNCTION td_meeting_facts(uuid) OWNER TO td_definer;
ALTER FUNCTION td_meetings(text, int) OWNER TO td_definer;
ALTER FUNCTION td_meeting(text) OWNER TO td_definer;
ALTER FUNCTION td_meeting_questions(uuid) OWNER TO td_definer;
ALTER FUNCTION td_meeting_ask(uuid, uuid, text, date) OWNER TO td_definer;
ALTER FUNCTION td_meeting_support(uuid, bytea) OWNER TO td_definer;
ALTER FUNCTION td_meetings_held(date, date) OWNER TO td_definer;
ALTER FUNCTION td_meeting_marks_left(int) OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_meeting_facts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_meeting_facts(uuid) TO td_definer;
