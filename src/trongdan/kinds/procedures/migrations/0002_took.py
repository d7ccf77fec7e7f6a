"""What anybody may know of real dossiers: how long they took, when five people or more got their result. Sums alone."""

from django.db import migrations

SQL = """
CREATE INDEX td_case_procedure ON td_case (topic, closed_on) WHERE kind = 'procedures.dossier' AND final AND outcome = 'granted';

CREATE FUNCTION td_procedure_took(procedure text) RETURNS TABLE (people bigint, median numeric, most numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*), round(percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_on - opened_on)::numeric, 1),
           round(percentile_cont(0.9) WITHIN GROUP (ORDER BY closed_on - opened_on)::numeric, 1)
    FROM td_case
    WHERE kind = 'procedures.dossier' AND final AND outcome = 'granted' AND topic = procedure
      AND closed_on > current_date - 366
    HAVING count(*) >= 5
$$;
ALTER FUNCTION td_procedure_took(text) OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_procedure_took(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_procedure_took(text) TO td_web, td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_catalogue"), ("cases", "0006_morning")]
    operations = [migrations.RunSQL(SQL)]
