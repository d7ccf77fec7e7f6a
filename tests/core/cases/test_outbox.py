"""The order in which readers take events: that of the transactions, as numbers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.cases.people import send
from trongdan.core.cases.outbox import read_batch
from trongdan.core.cases.scope import JOB, scope

pytestmark = pytest.mark.django_db(transaction=True)


def test_events_are_read_in_the_order_of_transaction_numbers_and_not_of_their_digits() -> None:
    """By its digits transaction 1000 comes before 999: the log would take events twice and stand still."""
    send()
    with scope(JOB), CaptureQueriesContext(connection) as asked:
        read_batch(("0", 0), 10)
    query = next(q["sql"] for q in asked.captured_queries if "FROM td_event" in q["sql"])
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexonlyscan = off")
        cursor.execute("EXPLAIN " + query)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    keys = next(line for line in plan.splitlines() if "Sort Key" in line)
    assert "text" not in keys, keys
