-- After the retention of a dialogue's file, by a decision, what was raised and answered goes with its salts (core/papers/erase.py);
-- the commitments that the minutes hold confirm nothing then. The audit rows hold no words and stay.
GRANT DELETE ON td_dialogue_question TO td_job;

-- A meeting with signs of a state secret is on no public page (domain 12), as before less these.
CREATE OR REPLACE FUNCTION td_meetings(of text, most int)
RETURNS TABLE (case_id uuid, reference text, kind text, agency text, step text, facts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id, m.reference, m.kind, m.agency, m.step, m.facts
    FROM (SELECT c.id, c.reference, c.kind, c.agency, c.step, td_meeting_facts(c.id) AS facts
          FROM td_case c
          WHERE c.kind IN ('dialogue.conference', 'dialogue.enterprises') AND (of IS NULL OR c.agency = of)
            AND c.step IN ('noticed', 'in_session', 'held', 'published') AND c.secret IS NULL
          ORDER BY c.opened_on DESC, c.id LIMIT most * 2) m
    ORDER BY m.facts ->> 'held_on' DESC NULLS LAST LIMIT most
$$;
CREATE OR REPLACE FUNCTION td_meeting(wanted text)
RETURNS TABLE (case_id uuid, reference text, kind text, agency text, step text, facts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.reference, c.kind, c.agency, c.step, td_meeting_facts(c.id)
    FROM td_case c
    WHERE c.reference = wanted AND c.kind IN ('dialogue.conference', 'dialogue.enterprises')
      AND c.step IN ('noticed', 'in_session', 'held', 'published') AND c.secret IS NULL
$$;
CREATE OR REPLACE FUNCTION td_meeting_questions(wanted uuid)
RETURNS TABLE (id uuid, words text, topic text, people bigint, supports bigint, answer text, answer_how text, answered_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT q.id, q.public_text, q.topic,
           1 + (SELECT count(*) FROM td_dialogue_question s WHERE s.same_as = q.id),
           q.supports + (SELECT coalesce(sum(s.supports), 0) FROM td_dialogue_question s WHERE s.same_as = q.id),
           CASE WHEN c.step = 'published' THEN q.answer END, CASE WHEN c.step = 'published' THEN q.answer_how END,
           CASE WHEN c.step = 'published' THEN q.answered_by END
    FROM td_dialogue_question q JOIN td_case c ON c.id = q.meeting
    WHERE q.meeting = wanted AND q.status = 'released' AND q.same_as IS NULL AND c.secret IS NULL
      AND c.kind IN ('dialogue.conference', 'dialogue.enterprises') AND c.step IN ('noticed', 'in_session', 'held', 'published')
    ORDER BY q.place_no NULLS LAST, q.at
$$;
