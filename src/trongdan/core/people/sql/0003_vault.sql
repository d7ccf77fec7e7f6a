-- The vault (domain 19; design 8): who a denouncer is, and whoever asks to be kept so. AES-256-GCM, the key outside the
-- database. Nothing here can be read by any role: a sealed row comes back only through td_vault_read, and only to a
-- transaction that has itself written the event "vault:opened" for that case.
ALTER TABLE td_case ADD COLUMN vault boolean NOT NULL DEFAULT false;

ALTER TABLE td_file ADD COLUMN sealed boolean NOT NULL DEFAULT false; -- name, type and size lie in the vault, the bytes encrypted

CREATE TABLE td_vault_key (
    case_id uuid PRIMARY KEY, -- a letter and its matters share the key of the letter
    wrapped bytea NOT NULL    -- the case's data key under the instance's key
);
CREATE TABLE td_vault (
    case_id uuid  NOT NULL,
    field   text  NOT NULL,   -- identity | text:CONTENT | file:FILE
    sealed  bytea NOT NULL,   -- bound to case and field
    PRIMARY KEY (case_id, field)
);
-- What would give the person away, as keyed hashes: a text written outside is held against them (no opening needed).
CREATE TABLE td_vault_term (
    case_id uuid  NOT NULL,
    words   int   NOT NULL,
    mac     bytea NOT NULL,
    PRIMARY KEY (case_id, mac)
);
ALTER TABLE td_vault_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_vault ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_vault_term ENABLE ROW LEVEL SECURITY;
CREATE POLICY added ON td_vault_key FOR INSERT TO td_web, td_job WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY added ON td_vault FOR INSERT TO td_web, td_job WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY added ON td_vault_term FOR INSERT TO td_web, td_job WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY gone ON td_vault_key FOR ALL TO td_job USING ((SELECT td_scope_all()));
CREATE POLICY gone ON td_vault FOR ALL TO td_job USING ((SELECT td_scope_all()));
CREATE POLICY gone ON td_vault_term FOR ALL TO td_job USING ((SELECT td_scope_all()));
CREATE POLICY own ON td_vault_key FOR SELECT TO td_definer USING (true);
CREATE POLICY own ON td_vault FOR SELECT TO td_definer USING (true);
CREATE POLICY own ON td_vault_term FOR SELECT TO td_definer USING (true);
GRANT INSERT ON td_vault_key, td_vault, td_vault_term TO td_web, td_job;
GRANT DELETE ON td_vault_key, td_vault, td_vault_term TO td_job; -- after the retention, or when the matter leaves
GRANT SELECT (case_id) ON td_vault_key, td_vault, td_vault_term TO td_job;
GRANT SELECT ON td_vault_key, td_vault, td_vault_term TO td_definer;

-- The letter of a case: its vault, whichever matter of it is asked for.
CREATE FUNCTION td_vault_root(wanted uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT coalesce(parent, id) FROM td_case WHERE id = wanted $$;

CREATE POLICY vault_opened ON td_event FOR SELECT TO td_definer USING (tag = 'vault:opened');
CREATE FUNCTION td_vault_read(wanted uuid) RETURNS TABLE (case_id uuid, field text, sealed bytea, wrapped bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (td_scope_all() OR td_sees(wanted)) OR NOT EXISTS (
        SELECT 1 FROM td_event e WHERE e.case_id = wanted AND e.tag = 'vault:opened' AND e.xid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'the vault opens only in the transaction that records it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT v.case_id, v.field, v.sealed, k.wrapped FROM td_vault v JOIN td_vault_key k ON k.case_id = v.case_id
                 WHERE v.case_id = td_vault_root(wanted) ORDER BY v.field;
END $$;

-- The key alone, still wrapped, to add to a vault; what lies there does not come with it.
CREATE FUNCTION td_vault_key_of(wanted uuid) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wrapped FROM td_vault_key WHERE case_id = td_vault_root(wanted) AND (td_scope_all() OR td_sees(wanted))
$$;
CREATE FUNCTION td_vault_terms(wanted uuid) RETURNS TABLE (words int, mac bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.words, t.mac FROM td_vault_term t
    WHERE t.case_id = td_vault_root(wanted) AND (td_scope_all() OR td_sees(wanted))
$$;

-- What went into the vault goes from outside it: a text, the name, a file's row. Only what lies there already.
CREATE POLICY vaulted ON td_content FOR ALL TO td_definer USING (EXISTS (
    SELECT 1 FROM td_vault v WHERE v.case_id = td_content.case_id AND v.field = 'text:' || td_content.id));
GRANT UPDATE (body) ON td_content TO td_definer;
CREATE FUNCTION td_vault_withdraw(content uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE td_content SET body = NULL WHERE id = content;
    SELECT true;
$$;
CREATE POLICY vaulted ON td_identity FOR ALL TO td_definer USING (EXISTS (
    SELECT 1 FROM td_vault v WHERE v.case_id = td_vault_root(td_identity.case_id) AND v.field = 'identity'));
GRANT SELECT, DELETE ON td_identity TO td_definer;
CREATE FUNCTION td_vault_unname(wanted uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM td_identity WHERE case_id = wanted AND role = 'sender';
    SELECT true;
$$;

-- A file that a sender gave goes from the open into the vault: its row is written anew, sealed. Only of a vault case.
CREATE POLICY vaulted ON td_file FOR ALL TO td_definer USING (salt IS NOT NULL AND NOT sealed AND EXISTS (
    SELECT 1 FROM td_vault_key k WHERE k.case_id = td_file.case_id));
GRANT SELECT, DELETE ON td_file TO td_definer;
CREATE FUNCTION td_vault_drop_file(wanted uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM td_file WHERE id = wanted;
    SELECT true;
$$;

-- A denial may end (the wrong official was named) and come back; only through the same writer.
CREATE OR REPLACE FUNCTION td_grant(for_case uuid, to_agency text, to_appointment text, is_denial boolean, why text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO td_case_access AS a (case_id, agency, appointment, deny, reason)
    VALUES (for_case, to_agency, to_appointment, is_denial, why)
    ON CONFLICT (case_id, coalesce(agency, ''), coalesce(appointment, ''), deny) DO UPDATE SET valid_to = NULL
    WHERE a.valid_to IS NOT NULL AND a.deny;
    SELECT true;
$$;
GRANT UPDATE (valid_to) ON td_case_access TO td_definer;
CREATE FUNCTION td_undeny(for_case uuid, of_agency text, of_appointment text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE td_case_access SET valid_to = current_date - 1
    WHERE case_id = for_case AND deny AND agency IS NOT DISTINCT FROM of_agency AND appointment IS NOT DISTINCT FROM of_appointment;
    SELECT true;
$$;

-- What those above see of an agency: sums and assessments never count a vault case.
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
CREATE OR REPLACE FUNCTION td_late_below()
RETURNS TABLE (agency text, holder text, cases bigint, oldest date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, coalesce(c.holder, 'none'), count(*), min(c.due_on)
    FROM td_case c
    WHERE NOT c.final AND NOT c.vault AND c.due_on < current_date AND c.agency IN (SELECT td_agencies_below())
    GROUP BY 1, 2 ORDER BY 4, 1, 2
$$;

ALTER FUNCTION td_vault_root(uuid) OWNER TO td_definer;
ALTER FUNCTION td_vault_read(uuid) OWNER TO td_definer;
ALTER FUNCTION td_vault_key_of(uuid) OWNER TO td_definer;
ALTER FUNCTION td_vault_terms(uuid) OWNER TO td_definer;
ALTER FUNCTION td_vault_withdraw(uuid) OWNER TO td_definer;
ALTER FUNCTION td_vault_unname(uuid) OWNER TO td_definer;
ALTER FUNCTION td_vault_drop_file(uuid) OWNER TO td_definer;
ALTER FUNCTION td_undeny(uuid, text, text) OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_vault_root(uuid), td_vault_read(uuid), td_vault_key_of(uuid), td_vault_terms(uuid), td_vault_withdraw(uuid),
    td_vault_unname(uuid), td_vault_drop_file(uuid), td_undeny(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_vault_read(uuid), td_vault_key_of(uuid), td_vault_terms(uuid), td_vault_withdraw(uuid),
    td_vault_unname(uuid), td_vault_drop_file(uuid), td_undeny(uuid, text, text) TO td_web, td_job;

