-- Questions of a meeting with signs of a state secret are read on no page, a leader's neither (domain 12).
CREATE OR REPLACE FUNCTION td_heard_words(place text, since date, most int)
RETURNS TABLE (source text, topic text, words text, on_date date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    walk CONSTANT int := 500; -- the newest cases of the place that are looked through for letters made public
BEGIN
    IF NOT td_hears(place) THEN RETURN; END IF;
    RETURN QUERY
        (SELECT 'question', q.topic, q.public_text, (q.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
         FROM td_case m JOIN td_dialogue_question q ON q.meeting = m.id
         WHERE m.kind IN ('dialogue.conference', 'dialogue.enterprises') AND m.agency = place
           AND m.step IN ('noticed', 'in_session', 'held', 'published') AND NOT m.vault AND m.secret IS NULL
           AND q.status = 'released' AND q.same_as IS NULL AND q.at >= since
         ORDER BY q.supports DESC, q.at DESC LIMIT most)
        UNION ALL
        (SELECT c.kind, c.topic, t.body, c.opened_on
         FROM (SELECT * FROM td_case n WHERE n.agency = place AND n.opened_on >= since ORDER BY n.opened_on DESC, n.id LIMIT walk) c
         JOIN LATERAL (SELECT e.payload FROM td_event e WHERE e.case_id = c.id AND e.tag LIKE '%:publication:%'
                       ORDER BY e.seq DESC LIMIT 1) last ON last.payload #>> '{data,public_stage}' IN ('inside', 'council', 'public')
         JOIN LATERAL (SELECT e.payload FROM td_event e WHERE e.case_id = c.id AND e.tag LIKE '%:publication:%'
                       AND e.payload #> '{data,public_text}' IS NOT NULL ORDER BY e.seq DESC LIMIT 1) said ON true
         JOIN td_content t ON t.id = (said.payload #>> '{data,public_text,content}')::uuid AND t.body IS NOT NULL
         WHERE c.final AND NOT c.vault AND c.secret IS NULL
         ORDER BY c.opened_on DESC LIMIT most);
END $$;
