-- The next number of a posted session; NULL when it has no room left (`beyond`: who stands at the door is received all the same,
-- and may be told of some days later, when there was no network on the day). Places asked for beforehand end with the day.
CREATE OR REPLACE FUNCTION td_reception_take(wanted uuid, beyond boolean) RETURNS smallint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE td_reception_session SET taken = taken + 1
    WHERE id = wanted AND posted_at IS NOT NULL AND moved_to_id IS NULL AND (beyond OR taken < capacity)
      AND on_date >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - CASE WHEN beyond THEN 14 ELSE 0 END
    RETURNING taken
$$;
