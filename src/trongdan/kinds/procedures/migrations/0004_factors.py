"""Sums of the factors that people marked, by week: no single mark, no reason, for the scope's own agencies."""

from django.db import migrations

SQL = """
CREATE FUNCTION td_factor_weeks() RETURNS TABLE (agency text, week date, factor text, people bigint, high bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, date_trunc('week', e.on_date)::date, f.key, count(*), count(*) FILTER (WHERE f.value::int >= 4)
    FROM td_event e JOIN td_case c ON c.id = e.case_id, jsonb_each_text(e.payload #> '{verdict,factors}') f
    WHERE e.tag = 'case:assessed' AND e.payload #> '{verdict,factors}' IS NOT NULL
      AND c.agency IN (SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]')))
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
$$;
ALTER FUNCTION td_factor_weeks() OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_factor_weeks() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_factor_weeks() TO td_web, td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_process"), ("cases", "0006_morning")]
    operations = [migrations.RunSQL(SQL)]
