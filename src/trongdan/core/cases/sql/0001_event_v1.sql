-- Event v1 and what stands around it (design 8). Settled: columns, tags and keys are only ever added.

-- ---- the trail -----------------------------------------------------------------------------------------------------
CREATE TABLE td_event (
    case_id      uuid        NOT NULL,
    seq          int         NOT NULL,
    province_id  int         NOT NULL,
    position     bigint      GENERATED ALWAYS AS IDENTITY,
    xid          xid8        NOT NULL DEFAULT pg_current_xact_id(),
    at           timestamptz NOT NULL,
    on_date      date        NOT NULL,
    tag          text        NOT NULL,
    kind         text        NOT NULL,
    kind_version int         NOT NULL,
    actor_post   text,
    actor_person uuid,
    on_behalf    text,
    payload      jsonb       NOT NULL,
    prev         bytea,
    hash         bytea       NOT NULL,
    PRIMARY KEY (case_id, seq)
);
-- Readers take (xid, position) in order, below the oldest running transaction: a late commit is never skipped.
CREATE INDEX td_event_cursor ON td_event (xid, position);

CREATE FUNCTION td_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER td_event_append_only BEFORE UPDATE OR DELETE ON td_event
    FOR EACH ROW EXECUTE FUNCTION td_refuse_change();
CREATE TRIGGER td_event_no_truncate BEFORE TRUNCATE ON td_event
    FOR EACH STATEMENT EXECUTE FUNCTION td_refuse_change();

-- ---- read columns: all derivable from the trail --------------------------------------------------------------------
CREATE TABLE td_case (
    id           uuid PRIMARY KEY,
    province_id  int  NOT NULL,
    reference    text NOT NULL UNIQUE,
    parent       uuid,
    generation   int  NOT NULL DEFAULT 0,
    kind         text NOT NULL,
    kind_version int  NOT NULL,
    seq          int  NOT NULL,
    step         text NOT NULL,
    final        boolean NOT NULL,
    agency       text NOT NULL,
    holder       text,
    assigned     text,
    outcome      text,
    secret       text,
    nature       text,
    topic        text,
    commune      text,
    arrival_no   text,
    opened_on    date NOT NULL,
    closed_on    date,
    due_on       date,
    late         boolean NOT NULL DEFAULT false,
    waits        text,
    unsent       boolean NOT NULL DEFAULT false
);
CREATE INDEX td_case_inbox ON td_case (agency, holder, due_on, id) WHERE NOT final;
-- Numbered papers that văn thư must still send, whatever the case does meanwhile.
CREATE INDEX td_case_unsent ON td_case (agency, due_on, id) WHERE unsent;
CREATE INDEX td_case_due ON td_case (due_on, id) WHERE NOT final;
CREATE INDEX td_case_recent ON td_case (agency, opened_on DESC, id);
CREATE INDEX td_case_parent ON td_case (parent) WHERE parent IS NOT NULL;

CREATE TABLE td_clock (
    case_id    uuid NOT NULL,
    clock_id   text NOT NULL,
    rule       text NOT NULL,
    version    text NOT NULL,
    due_at     date,
    caution_at date,
    days_left  int,
    started_on date NOT NULL,
    stopped_on date,
    whose      text NOT NULL,
    next_on    date,
    PRIMARY KEY (case_id, clock_id)
);
CREATE INDEX td_clock_next ON td_clock (next_on) WHERE next_on IS NOT NULL;

-- ---- what people wrote, and who they are: apart from the trail, erasable --------------------------------------------
CREATE TABLE td_content (
    id         uuid PRIMARY KEY,
    case_id    uuid NOT NULL,
    field      text NOT NULL,
    salt       bytea,
    body       text,
    commitment text NOT NULL,
    erased_at  timestamptz,
    CHECK (erased_at IS NULL OR (body IS NULL AND salt IS NULL))
);
CREATE INDEX td_content_case ON td_content (case_id);

CREATE TABLE td_identity (
    case_id    uuid NOT NULL,
    role       text NOT NULL DEFAULT 'sender',
    name       text,
    phone      text,
    email      text,
    address    text,
    PRIMARY KEY (case_id, role)
);

CREATE TABLE td_case_access (
    case_id     uuid NOT NULL,
    agency      text,
    appointment text,
    deny        boolean NOT NULL DEFAULT false,
    reason      text NOT NULL,
    valid_from  date NOT NULL DEFAULT current_date,
    valid_to    date,
    CHECK ((agency IS NULL) <> (appointment IS NULL))
);
CREATE UNIQUE INDEX td_case_access_once ON td_case_access (case_id, coalesce(agency, ''), coalesce(appointment, ''), deny);

CREATE TABLE td_case_search (
    case_id uuid PRIMARY KEY,
    folded  text NOT NULL
);
CREATE INDEX td_case_search_trgm ON td_case_search USING gin (folded gin_trgm_ops);

CREATE TABLE td_command_key (
    client    text  NOT NULL,
    key       text  NOT NULL,
    body_hash bytea NOT NULL,
    result    jsonb NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (client, key)
);

CREATE TABLE td_draft (
    id     uuid PRIMARY KEY,
    sealed bytea NOT NULL,
    at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE td_presence (
    case_id uuid NOT NULL,
    person  uuid NOT NULL,
    name    text NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (case_id, person)
);

-- ---- readers of the trail, and the log over it ----------------------------------------------------------------------
CREATE TABLE td_cursor (
    reader   text PRIMARY KEY,
    xid      xid8   NOT NULL,
    position bigint NOT NULL
);
CREATE TABLE td_log_node (
    level int    NOT NULL,
    index bigint NOT NULL,
    hash  bytea  NOT NULL,
    PRIMARY KEY (level, index)
);
CREATE TABLE td_log_leaf (
    index   bigint PRIMARY KEY,
    case_id uuid NOT NULL,
    seq     int  NOT NULL,
    UNIQUE (case_id, seq)
);
CREATE TABLE td_checkpoint (
    size   bigint PRIMARY KEY,
    sealed jsonb NOT NULL,
    at     timestamptz NOT NULL
);

-- ---- scope -----------------------------------------------------------------------------------------------------------
-- td.scope is JSON: {"agencies": [...], "posts": [...], "case": uuid|null, "all": bool, "identity": bool}
CREATE FUNCTION td_scope() RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE text_value text := nullif(current_setting('td.scope', true), '');
BEGIN
    IF text_value IS NULL THEN
        RAISE EXCEPTION 'no scope is set: use "with scope(actor):"' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN text_value::jsonb;
END $$;
CREATE FUNCTION td_scope_all() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce((td_scope() ->> 'all')::boolean, false) $$;
CREATE FUNCTION td_scope_identity() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce((td_scope() ->> 'identity')::boolean, false) $$;
CREATE FUNCTION td_scope_is_set() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT td_scope() IS NOT NULL $$;

-- Whether the scope sees a case: its own rows in td_case_access, in which denials win. Owned by td_definer.
CREATE FUNCTION td_sees(wanted uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    s jsonb := td_scope();
    agencies text[] := ARRAY(SELECT jsonb_array_elements_text(coalesce(s -> 'agencies', '[]')));
    posts    text[] := ARRAY(SELECT jsonb_array_elements_text(coalesce(s -> 'posts', '[]')));
    granted boolean := false;
    row_deny boolean;
BEGIN
    IF (s ->> 'case')::uuid = wanted THEN RETURN true; END IF;
    FOR row_deny IN
        SELECT a.deny FROM td_case_access a
        WHERE a.case_id = wanted AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts))
          AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date)
    LOOP
        IF row_deny THEN RETURN false; END IF;
        granted := true;
    END LOOP;
    RETURN granted;
END $$;

-- The only writer of td_case_access.
CREATE FUNCTION td_grant(for_case uuid, to_agency text, to_appointment text, is_denial boolean, why text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO td_case_access (case_id, agency, appointment, deny, reason)
    VALUES (for_case, to_agency, to_appointment, is_denial, why)
    ON CONFLICT (case_id, coalesce(agency, ''), coalesce(appointment, ''), deny) DO NOTHING;
    SELECT true;
$$;

-- A sender's way in: the case of a reference with the generation its token was made for. No scope needed.
CREATE FUNCTION td_find_reference(wanted text) RETURNS TABLE (case_id uuid, generation int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, td_case.generation FROM td_case WHERE reference = wanted
$$;

-- Search without diacritics, inside the scope: text ids only come back for cases that the scope sees.
CREATE FUNCTION td_search(words text[], most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    word text;
    query text := 'SELECT s.case_id FROM td_case_search s WHERE true';
BEGIN
    FOREACH word IN ARRAY words LOOP
        query := query || format(' AND s.folded LIKE %L', '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%');
    END LOOP;
    query := query || ' AND (td_scope_all() OR td_sees(s.case_id)) LIMIT ' || most;
    RETURN QUERY EXECUTE query;
END $$;

ALTER FUNCTION td_sees(uuid) OWNER TO td_definer;
ALTER FUNCTION td_grant(uuid, text, text, boolean, text) OWNER TO td_definer;
ALTER FUNCTION td_find_reference(text) OWNER TO td_definer;
ALTER FUNCTION td_search(text[], int) OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_grant(uuid, text, text, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_grant(uuid, text, text, boolean, text) TO td_web, td_job;
GRANT SELECT, INSERT ON td_case_access TO td_definer;
GRANT SELECT ON td_case, td_case_search TO td_definer;

-- ---- row security ------------------------------------------------------------------------------------------------------
ALTER TABLE td_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_clock ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_content ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_presence ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_case_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_case_search ENABLE ROW LEVEL SECURITY;

CREATE POLICY seen ON td_case FOR ALL TO td_web, td_job, td_export
    USING ((SELECT td_scope_all()) OR td_sees(id)) WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY lookup ON td_case FOR SELECT TO td_definer USING (true);
CREATE POLICY seen ON td_event FOR ALL TO td_web, td_job, td_export
    USING ((SELECT td_scope_all()) OR td_sees(case_id)) WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY seen ON td_clock FOR ALL TO td_web, td_job, td_export
    USING ((SELECT td_scope_all()) OR td_sees(case_id)) WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY seen ON td_content FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR td_sees(case_id)) WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY named ON td_identity FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_identity()) AND ((SELECT td_scope_all()) OR td_sees(case_id)))
    WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY seen ON td_presence FOR ALL TO td_web
    USING ((SELECT td_scope_all()) OR td_sees(case_id)) WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY own ON td_case_access FOR ALL TO td_definer USING (true) WITH CHECK (true);
CREATE POLICY audit ON td_case_access FOR SELECT TO td_job USING ((SELECT td_scope_all()));
CREATE POLICY own ON td_case_search FOR SELECT TO td_definer USING (true);
CREATE POLICY fill ON td_case_search FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));

-- ---- privileges --------------------------------------------------------------------------------------------------------
GRANT SELECT, INSERT ON td_event TO td_web, td_job;
GRANT SELECT, INSERT, UPDATE ON td_case, td_clock TO td_web, td_job;
GRANT SELECT, INSERT ON td_content, td_identity TO td_web, td_job;
GRANT UPDATE (salt, body, erased_at) ON td_content TO td_job;
GRANT DELETE ON td_identity TO td_job;
GRANT SELECT, INSERT, UPDATE, DELETE ON td_presence, td_draft TO td_web;
GRANT DELETE, SELECT ON td_draft TO td_job;
GRANT SELECT, INSERT ON td_command_key TO td_web, td_job;
GRANT SELECT, INSERT, UPDATE ON td_cursor TO td_job;
GRANT SELECT, INSERT ON td_log_node, td_log_leaf, td_checkpoint TO td_job;
GRANT SELECT ON td_log_node, td_log_leaf, td_checkpoint TO td_web;
GRANT SELECT ON td_case_access TO td_job;
GRANT SELECT, INSERT, UPDATE, DELETE ON td_case_search TO td_job;
GRANT SELECT ON td_event, td_case, td_clock TO td_export;
