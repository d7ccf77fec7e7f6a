-- The bodies of the province that answer for letters read every agency's sums: the table of the whole province shows them beside
-- one another, and each row opens to its agency. Sums only, as before.
CREATE OR REPLACE FUNCTION td_counts_for(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT td_scope_all() OR wanted = ANY (td_scope_agencies()) OR EXISTS (
        SELECT FROM td_agency a WHERE a.code = ANY (td_scope_agencies()) AND a.level = 'tinh'
          AND a.kind IN ('committee', 'inspectorate', 'reception_board'))
        OR (wanted <> '' AND wanted IN (SELECT td_agencies_below()))
$$;
