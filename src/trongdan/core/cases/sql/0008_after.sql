-- What came after an answer: counted apart, without the vault; and what was made public, by stages.

-- Functions of this owner count what events say; each reads only the tags it is about, and no text.
CREATE POLICY counted ON td_event FOR SELECT TO td_definer USING (true);
-- The redacted copies that a person checked and a decision made public.
CREATE POLICY published ON td_content FOR SELECT TO td_definer USING (field IN ('public_text', 'public_answer'));
CREATE INDEX td_event_published ON td_event (case_id, seq DESC) WHERE tag LIKE '%:publication:%';

-- As in 0002, less the vault: what a denouncer thought of it is in no list and no sum (domain 19).
CREATE OR REPLACE FUNCTION td_assessments(most int)
RETURNS TABLE (agency text, kind text, on_date date, verdict jsonb, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, e.kind, e.on_date, e.payload -> 'verdict',
           (SELECT t.body FROM td_content t WHERE t.id = (e.payload #>> '{verdict,reason,content}')::uuid)
    FROM td_event e JOIN td_case c ON c.id = e.case_id
    WHERE e.tag = 'case:assessed' AND NOT c.vault AND c.agency IN (SELECT td_agencies_below())
    ORDER BY e.on_date DESC, e.position DESC LIMIT most
$$;

CREATE OR REPLACE FUNCTION td_ratings()
RETURNS TABLE (agency text, week date, people bigint, answered bigint, acted bigint, solved bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, date_trunc('week', e.on_date)::date, count(*),
           count(*) FILTER (WHERE e.payload #>> '{verdict,answered}' = 'yes'),
           count(*) FILTER (WHERE e.payload #>> '{verdict,acted}' = 'yes'),
           count(*) FILTER (WHERE e.payload #>> '{verdict,solved}' = 'yes')
    FROM td_event e JOIN td_case c ON c.id = e.case_id
    WHERE e.tag = 'case:assessed' AND NOT c.vault
      AND c.agency IN (SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]')))
    GROUP BY 1, 2 ORDER BY 1, 2
$$;

-- Of what came in during a period, by agency and kind: how many were answered, acted on, verified, and what the person said
-- last. What counts as which is the kinds' to say (`counts`); a reopening undoes what came before it. The person's word about
-- the scope's own agencies is left out: those see it in batches only (domain 21).
CREATE FUNCTION td_after(since date, until date, kinds text[], tags_answered text[], tags_acted text[], tags_verified text[],
                         tags_reopened text[])
RETURNS TABLE (agency text, kind text, received bigint, answered bigint, acted bigint, verified bigint, confirmed bigint,
               denied bigint, own boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH seen AS (
        SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]')) AS code, true AS own
        UNION ALL SELECT b, false FROM td_agencies_below() AS b
    ), marked AS (
        SELECT c.agency, c.kind, s.own, m.*
        FROM seen s JOIN td_case c ON c.agency = s.code
        CROSS JOIN LATERAL (
            SELECT max(e.seq) FILTER (WHERE e.tag = ANY (tags_answered)) AS answered_at,
                   max(e.seq) FILTER (WHERE e.tag = ANY (tags_acted)) AS acted_at,
                   max(e.seq) FILTER (WHERE e.tag = ANY (tags_verified)) AS verified_at,
                   coalesce(max(e.seq) FILTER (WHERE e.tag = ANY (tags_reopened)), -1) AS reopened_at,
                   (array_agg(e.payload #>> '{verdict,solved}' ORDER BY e.seq DESC) FILTER (WHERE e.tag = 'case:assessed'))[1] AS solved
            FROM td_event e WHERE e.case_id = c.id
        ) AS m
        WHERE c.opened_on BETWEEN since AND until AND c.kind = ANY (kinds) AND NOT c.vault AND c.secret IS NULL
    )
    SELECT agency, kind, count(*), count(*) FILTER (WHERE answered_at > reopened_at), count(*) FILTER (WHERE acted_at > reopened_at),
           count(*) FILTER (WHERE verified_at > reopened_at),
           CASE WHEN own THEN NULL ELSE count(*) FILTER (WHERE solved = 'yes') END,
           CASE WHEN own THEN NULL ELSE count(*) FILTER (WHERE solved IN ('no', 'partly')) END, own
    FROM marked GROUP BY agency, kind, own ORDER BY own DESC, agency, kind
$$;

-- What was made public, newest first; a stage shows what later stages show too. A case that was opened again shows nothing.
CREATE FUNCTION td_published(stages text[], most int)
RETURNS TABLE (agency text, kind text, topic text, closed_on date, text text, answer text, decision_no text, decision_on text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, c.kind, c.topic, c.closed_on, t.body, a.body, last.payload #>> '{data,public_decision_no}',
           last.payload #>> '{data,public_decision_on}'
    FROM (SELECT DISTINCT ON (case_id) case_id, payload, position FROM td_event WHERE tag LIKE '%:publication:%'
          ORDER BY case_id, seq DESC) AS last
    JOIN td_case c ON c.id = last.case_id AND c.final AND NOT c.vault AND c.secret IS NULL
    JOIN LATERAL (SELECT e.payload -> 'data' AS data FROM td_event e WHERE e.case_id = c.id AND e.tag LIKE '%:publication:%'
                  AND e.payload #> '{data,public_text}' IS NOT NULL ORDER BY e.seq DESC LIMIT 1) AS said ON true
    JOIN td_content t ON t.id = (said.data #>> '{public_text,content}')::uuid AND t.body IS NOT NULL
    LEFT JOIN td_content a ON a.id = (said.data #>> '{public_answer,content}')::uuid
    WHERE last.payload #>> '{data,public_stage}' = ANY (stages)
    ORDER BY last.position DESC LIMIT most
$$;

-- What of a sender still stands in a text that is to be shown to others, in words; whoever writes it need not see the name.
CREATE POLICY matched ON td_identity FOR SELECT TO td_definer USING (true);
CREATE FUNCTION td_gives_away(of uuid, words text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN length(i.name) > 3 AND position(lower(i.name) IN lower(words)) > 0 THEN 'họ tên' END,
        CASE WHEN length(i.phone) > 7 AND position(regexp_replace(i.phone, '\D', '', 'g') IN regexp_replace(words, '\D', '', 'g')) > 0
             THEN 'số điện thoại' END,
        CASE WHEN length(i.email) > 4 AND position(lower(i.email) IN lower(words)) > 0 THEN 'thư điện tử' END,
        CASE WHEN length(i.address) > 7 AND position(lower(i.address) IN lower(words)) > 0 THEN 'địa chỉ' END], NULL)
    FROM td_identity i WHERE i.case_id = of AND i.role = 'sender' AND (td_scope_all() OR td_sees(of))
$$;
GRANT SELECT ON td_identity TO td_definer;

ALTER FUNCTION td_gives_away(uuid, text) OWNER TO td_definer;
ALTER FUNCTION td_after(date, date, text[], text[], text[], text[], text[]) OWNER TO td_definer;
ALTER FUNCTION td_published(text[], int) OWNER TO td_definer;
