-- Search by whole words, inside the scope, in one index. Vietnamese is written in syllables of a few letters, of which a
-- trigram says next to nothing (bench/: a quarter of a second for two common syllables at a million cases); and asking
-- td_sees of every case that has a word takes seconds for a small agency. So: the words as they stand (the last one may be
-- a beginning), and beside them, in the same index, `seers`: the agencies and posts that a case was ever given to.
-- That is a first sieve only. What is seen is still td_sees's to say, denials and dates included.
ALTER TABLE td_case_search ADD COLUMN words tsvector NOT NULL DEFAULT '', ADD COLUMN seers text[] NOT NULL DEFAULT '{}';
UPDATE td_case_search s SET
    words = array_to_tsvector(ARRAY(SELECT left(w, 60) FROM regexp_split_to_table(left(folded, 100000), '[^[:alnum:]]+') w
                                    WHERE w <> '')),
    seers = coalesce((SELECT array_agg(DISTINCT coalesce(a.agency, a.appointment)) FROM td_case_access a
                      WHERE a.case_id = s.case_id AND NOT a.deny), '{}');
DROP INDEX td_case_search_trgm;
CREATE INDEX td_case_search_words ON td_case_search USING gin (words, seers);

CREATE OR REPLACE FUNCTION td_search(words text[], most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    s jsonb := td_scope();
    clean text[] := array_remove(ARRAY(SELECT regexp_replace(w, '[^[:alnum:]]', '', 'g') FROM unnest(words) w), '');
    query text := 'SELECT s.case_id FROM td_case_search s WHERE s.words @@ %L::tsquery';
BEGIN
    IF cardinality(clean) = 0 THEN RETURN; END IF;
    query := format(query, '''' || array_to_string(clean, ''' & ''') || ''''
                           || CASE WHEN length(clean[cardinality(clean)]) > 2 THEN ':*' ELSE '' END);
    IF NOT td_scope_all() THEN
        query := query || format(' AND s.seers && %L::text[] AND td_sees(s.case_id)', ARRAY(
            SELECT jsonb_array_elements_text(coalesce(s -> 'agencies', '[]'))
            UNION SELECT jsonb_array_elements_text(coalesce(s -> 'posts', '[]'))));
    END IF;
    RETURN QUERY EXECUTE query || ' LIMIT ' || most;
END $$;
