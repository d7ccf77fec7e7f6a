-- The Front's own sample of closed cases, its call list and what people answered. Only the Front that drew it sees it: not
-- the agencies it is about, who would call first.
CREATE TABLE td_sample (
    id          uuid PRIMARY KEY,
    province_id int  NOT NULL,
    front       text NOT NULL REFERENCES td_agency (code),
    since       date NOT NULL,
    until       date NOT NULL CHECK (until >= since),
    size        int  NOT NULL CHECK (size > 0),
    seed        text NOT NULL,
    log_size    bigint NOT NULL, -- of the signed head whose root the seed holds
    frame       jsonb NOT NULL,  -- [[kind, agency, outcome, id]]: what was drawn from, so that it can be drawn again
    frame_hash  text NOT NULL,
    drawn_by    uuid NOT NULL,
    drawn_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (front, since, until)
);
CREATE TABLE td_sample_case (
    sample  uuid NOT NULL REFERENCES td_sample (id),
    place   int  NOT NULL, -- in the order of calling, from 1
    case_id uuid NOT NULL,
    kind    text NOT NULL,
    agency  text NOT NULL,
    outcome text NOT NULL,
    PRIMARY KEY (sample, case_id),
    UNIQUE (sample, place)
);
CREATE INDEX td_sample_case_case ON td_sample_case (case_id);
-- Each attempt is a row; nothing is changed afterwards. `words` are the person's, kept apart from every trail.
CREATE TABLE td_sample_call (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sample  uuid NOT NULL,
    case_id uuid NOT NULL,
    key     uuid NOT NULL UNIQUE, -- of the form: pressed twice, recorded once
    reached text NOT NULL CHECK (reached IN ('answered', 'no_answer', 'wrong_number', 'refused', 'visit')),
    verdict jsonb,
    words   text,
    by      uuid NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (sample, case_id) REFERENCES td_sample_case (sample, case_id)
);
CREATE INDEX td_sample_call_of ON td_sample_call (sample, case_id, id);
-- Who looked at a person's name and number, and when: written by the function that shows them.
CREATE TABLE td_sample_look (
    sample  uuid NOT NULL,
    case_id uuid NOT NULL,
    by      uuid NOT NULL,
    at      timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE td_sample ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_sample_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_sample_call ENABLE ROW LEVEL SECURITY;
ALTER TABLE td_sample_look ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON td_sample FOR ALL TO td_web USING (front = ANY ((SELECT td_scope_agencies())::text[]));
CREATE POLICY own ON td_sample_case FOR ALL TO td_web USING (EXISTS (SELECT 1 FROM td_sample s WHERE s.id = sample));
CREATE POLICY own ON td_sample_call FOR ALL TO td_web USING (EXISTS (SELECT 1 FROM td_sample s WHERE s.id = sample));
CREATE POLICY own ON td_sample_look FOR SELECT TO td_web USING (EXISTS (SELECT 1 FROM td_sample s WHERE s.id = sample));
CREATE POLICY read ON td_sample FOR SELECT TO td_definer USING (true);
CREATE POLICY read ON td_sample_case FOR SELECT TO td_definer USING (true);
CREATE POLICY note ON td_sample_look FOR INSERT TO td_definer WITH CHECK (true);
CREATE POLICY read ON td_sample_look FOR SELECT TO td_definer USING (true);
GRANT SELECT, INSERT ON td_sample, td_sample_case, td_sample_call TO td_web;
GRANT SELECT ON td_sample_look TO td_web;
GRANT SELECT ON td_sample, td_sample_case TO td_definer;
GRANT SELECT, INSERT ON td_sample_look TO td_definer;

-- Whether the scope's agencies include a Front.
CREATE FUNCTION td_is_front() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM td_agency a WHERE a.kind = 'front' AND a.code = ANY (td_scope_agencies()))
$$;

-- The closed cases of a period that may be drawn, for the Front only: of the kinds and steps given ("kind/step"), never of the
-- vault, never with signs of a state secret. No reference, no name.
CREATE FUNCTION td_front_frame(since date, until date, steps text[])
RETURNS TABLE (kind text, agency text, outcome text, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.kind, c.agency, coalesce(c.outcome, ''), c.id FROM td_case c
    WHERE td_is_front() AND c.final AND c.closed_on BETWEEN since AND until AND c.kind || '/' || c.step = ANY (steps)
      AND NOT c.vault AND c.secret IS NULL AND NOT EXISTS (SELECT 1 FROM td_case p WHERE p.id = c.parent AND p.vault)
$$;

-- Whom to call in one drawn case, and about what; that somebody looked is written in the same transaction.
CREATE FUNCTION td_front_contact(of uuid, wanted uuid, looker uuid)
RETURNS TABLE (name text, phone text, address text, opened_on date, topic text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH drawn AS (
        SELECT d.case_id FROM td_sample_case d JOIN td_sample s ON s.id = d.sample
        WHERE d.sample = of AND d.case_id = wanted AND s.front = ANY (td_scope_agencies())
    ), noted AS (
        INSERT INTO td_sample_look (sample, case_id, by) SELECT of, case_id, looker FROM drawn RETURNING case_id
    )
    SELECT i.name, i.phone, i.address, c.opened_on, c.topic
    FROM noted n JOIN td_case c ON c.id = n.case_id AND NOT c.vault AND c.secret IS NULL
        AND NOT EXISTS (SELECT 1 FROM td_case p WHERE p.id = c.parent AND p.vault)
    LEFT JOIN td_identity i ON i.case_id = coalesce(c.parent, c.id) AND i.role = 'sender'
$$;

ALTER FUNCTION td_is_front() OWNER TO td_definer;
ALTER FUNCTION td_front_frame(date, date, text[]) OWNER TO td_definer;
ALTER FUNCTION td_front_contact(uuid, uuid, uuid) OWNER TO td_definer;

-- A forwarder's own register reads its few cases without walking through all.
CREATE INDEX td_case_forwarded ON td_case (opened_on DESC, id) WHERE kind = 'letters.forwarded';
