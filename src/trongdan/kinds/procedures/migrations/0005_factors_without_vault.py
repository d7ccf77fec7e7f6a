"""As in 0004, less the vault: what somebody protected thought is in no sum (domain 19), whatever kind comes to have factors."""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION td_factor_weeks() RETURNS TABLE (agency text, week date, factor text, people bigint, high bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, date_trunc('week', e.on_date)::date, f.key, count(*), count(*) FILTER (WHERE f.value::int >= 4)
    FROM td_event e JOIN td_case c ON c.id = e.case_id, jsonb_each_text(e.payload #> '{verdict,factors}') f
    WHERE e.tag = 'case:assessed' AND e.payload #> '{verdict,factors}' IS NOT NULL AND NOT c.vault
      AND c.agency IN (SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]')))
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0004_factors")]
    operations = [migrations.RunSQL(SQL)]
