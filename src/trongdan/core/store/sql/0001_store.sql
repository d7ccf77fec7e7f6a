-- A person's own papers. Whose they are is a keyed digest, what they are is sealed under a key made from the owner's
-- number: with the database and the disk, but without the number, nothing can be listed by person or read.
-- No table of the store is open to td_web: what it may do are the functions below; an official's look leaves its row.

CREATE TABLE td_store_item (
    id         uuid        PRIMARY KEY,
    owner      bytea       NOT NULL,
    digest     bytea       NOT NULL,   -- keyed digest of the bytes: the same paper is kept once
    sealed     bytea       NOT NULL,   -- what it is: name, number, issuer, days, media type, sha256
    how        text        NOT NULL CHECK (how IN ('received', 'issued', 'own')),
    agency     text        NOT NULL DEFAULT '',
    case_id    uuid,                   -- the dossier it came with; empty once that was erased
    code       text,                   -- the check code of an issued result
    at         timestamptz NOT NULL,
    removed_at timestamptz
);
CREATE UNIQUE INDEX td_store_item_once ON td_store_item (owner, digest) WHERE removed_at IS NULL;
CREATE INDEX td_store_item_case ON td_store_item (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE td_store_look (
    owner     bytea       NOT NULL,
    draft     uuid        NOT NULL,    -- the form it was looked at for: pages shown again are one look
    at        timestamptz NOT NULL,
    agency    text        NOT NULL,
    post      text        NOT NULL,
    person    text        NOT NULL,
    procedure text        NOT NULL,
    PRIMARY KEY (owner, draft)
);

CREATE TABLE td_store_use (
    item      uuid        NOT NULL REFERENCES td_store_item (id),
    case_id   uuid        NOT NULL,
    at        timestamptz NOT NULL,
    agency    text        NOT NULL,
    reference text        NOT NULL,
    PRIMARY KEY (item, case_id)
);

-- Whose a dossier is, so that its result can be kept for them: the number sealed under the instance's key, bound to the case.
CREATE TABLE td_store_case (
    case_id uuid  PRIMARY KEY,
    sealed  bytea NOT NULL
);

CREATE TABLE td_issued (
    code         text        PRIMARY KEY CHECK (code ~ '^[0-9A-Z]{16}$'),
    case_id      uuid        NOT NULL,
    agency       text        NOT NULL,
    name         text        NOT NULL,
    number       text        NOT NULL DEFAULT '',
    issued_on    date        NOT NULL,
    valid_until  date,
    how          text        NOT NULL CHECK (how IN ('signed', 'test', 'scan')),
    sha256       bytea       NOT NULL,
    at           timestamptz NOT NULL,
    withdrawn_at timestamptz,
    file         uuid        NOT NULL
);
CREATE INDEX td_issued_case ON td_issued (case_id);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['td_store_item', 'td_store_look', 'td_store_use', 'td_store_case', 'td_issued'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO td_definer', name);
        EXECUTE format('CREATE POLICY store ON %I FOR ALL TO td_definer USING (true) WITH CHECK (true)', name);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON td_store_case TO td_web, td_job;
GRANT DELETE ON td_store_case TO td_job;
CREATE POLICY seen ON td_store_case FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_identity()) AND ((SELECT td_scope_all()) OR td_sees(case_id))) WITH CHECK ((SELECT td_scope_is_set()));

-- Results are seen with their case; anyone checks one by its code (below).
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON td_issued TO td_web, td_job;
CREATE POLICY seen ON td_issued FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR td_sees(case_id)) WITH CHECK ((SELECT td_scope_is_set()));

-- Erasing a case takes its results away and the way back to it; the owner's copies are the owner's.
GRANT SELECT, UPDATE ON td_store_item TO td_job;
GRANT SELECT, DELETE ON td_store_use TO td_job;
GRANT DELETE ON td_issued TO td_job;
CREATE POLICY clean ON td_store_item FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
CREATE POLICY clean ON td_store_use FOR ALL TO td_job USING ((SELECT td_scope_all()));

-- Keep a paper, or find the one that is there: a copy checked at a counter, and an issued result, outrank one's own.
CREATE FUNCTION td_store_put(new_id uuid, whose bytea, mark bytea, words bytea, way text, by_agency text, from_case uuid, check_code text,
                             since timestamptz, most int)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(whose, 'hex'), 55));
    SELECT id INTO found FROM td_store_item WHERE owner = whose AND digest = mark AND removed_at IS NULL;
    IF found IS NOT NULL THEN
        UPDATE td_store_item SET how = way, agency = by_agency, case_id = from_case, code = check_code
        WHERE id = found AND how = 'own' AND way <> 'own';
        RETURN found;
    END IF;
    IF (SELECT count(*) FROM td_store_item WHERE owner = whose AND removed_at IS NULL AND how = way) >= most THEN
        RETURN NULL;
    END IF;
    INSERT INTO td_store_item (id, owner, digest, sealed, how, agency, case_id, code, at)
    VALUES (new_id, whose, mark, words, way, by_agency, from_case, check_code, since);
    RETURN new_id;
END $$;

CREATE FUNCTION td_store_of(whose bytea)
RETURNS TABLE (id uuid, sealed bytea, how text, agency text, case_id uuid, code text, at timestamptz, withdrawn boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, i.sealed, i.how, i.agency, i.case_id, i.code, i.at, coalesce(r.withdrawn_at IS NOT NULL, false)
    FROM td_store_item i LEFT JOIN td_issued r ON r.code = i.code
    WHERE i.owner = whose AND i.removed_at IS NULL ORDER BY i.at DESC, i.id DESC
$$;

-- An official's look: its row and its answer are one.
CREATE FUNCTION td_store_look(whose bytea, form uuid, by_agency text, by_post text, by_person text, what text, seen timestamptz)
RETURNS TABLE (id uuid, sealed bytea, how text, agency text, case_id uuid, code text, at timestamptz, withdrawn boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF by_agency = '' OR by_post = '' OR what = '' THEN
        RAISE EXCEPTION 'a look at a store needs an agency, a post and a procedure';
    END IF;
    INSERT INTO td_store_look (owner, draft, at, agency, post, person, procedure)
    VALUES (whose, form, seen, by_agency, by_post, by_person, what) ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT * FROM td_store_of(whose);
END $$;

-- True the first time, false when the dossier has it already, null when it is not there.
CREATE FUNCTION td_store_used(whose bytea, which uuid, for_case uuid, by_agency text, shown text, since timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM td_store_item i WHERE i.id = which AND i.owner = whose AND i.removed_at IS NULL) THEN
        RETURN NULL;
    END IF;
    INSERT INTO td_store_use (item, case_id, at, agency, reference) VALUES (which, for_case, since, by_agency, shown)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

CREATE FUNCTION td_store_remove(whose bytea, which uuid, since timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE td_store_item SET removed_at = since, sealed = ''::bytea WHERE id = which AND owner = whose AND removed_at IS NULL;
    RETURN FOUND;
END $$;

CREATE FUNCTION td_store_looks(whose bytea)
RETURNS TABLE (at timestamptz, agency text, procedure text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.at, l.agency, l.procedure FROM td_store_look l WHERE l.owner = whose ORDER BY l.at DESC LIMIT 200
$$;

CREATE FUNCTION td_store_uses(whose bytea)
RETURNS TABLE (item uuid, at timestamptz, agency text, reference text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.item, u.at, u.agency, u.reference FROM td_store_use u JOIN td_store_item i ON i.id = u.item
    WHERE i.owner = whose ORDER BY u.at DESC LIMIT 400
$$;

-- Which of these lie on disk without a row, or were removed: the worker takes their bytes away.
CREATE FUNCTION td_store_gone(ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT x FROM unnest(ids) x WHERE NOT EXISTS (SELECT 1 FROM td_store_item i WHERE i.id = x AND i.removed_at IS NULL)
$$;

-- --- results that anyone may check -----------------------------------------------------------------------------------

-- By the code that stands on the paper alone: nothing here says whose it is.
CREATE FUNCTION td_issued_by(wanted text)
RETURNS TABLE (agency text, name text, number text, issued_on date, valid_until date, how text, sha256 bytea, withdrawn_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT agency, name, number, issued_on, valid_until, how, sha256, withdrawn_at FROM td_issued WHERE code = wanted
$$;

DO $$
DECLARE fn text;
BEGIN
    FOREACH fn IN ARRAY ARRAY[
        'td_store_put(uuid, bytea, bytea, bytea, text, text, uuid, text, timestamptz, int)', 'td_store_of(bytea)',
        'td_store_look(bytea, uuid, text, text, text, text, timestamptz)',
        'td_store_used(bytea, uuid, uuid, text, text, timestamptz)', 'td_store_remove(bytea, uuid, timestamptz)',
        'td_store_looks(bytea)', 'td_store_uses(bytea)', 'td_store_gone(uuid[])',
        'td_issued_by(text)'] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO td_definer', fn);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', fn);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO td_web, td_job', fn);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION td_store_of(bytea) TO td_definer;
