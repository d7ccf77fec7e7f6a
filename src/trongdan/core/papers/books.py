"""Numbers of papers: our own book, or a number that the agency's document system gave (domain 11)."""

from __future__ import annotations

from django.db import connection


def next_number(agency: str, book: str, year: int) -> int:
    """The next number of an agency's own book. Taken inside the transaction that uses it, so no gap can come to be."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_book (agency, book, year, last) VALUES (%s, %s, %s, 1) "
                       "ON CONFLICT (agency, book, year) DO UPDATE SET last = td_book.last + 1 RETURNING last",
                       [agency, book, year])  # fmt: skip
        return int(cursor.fetchone()[0])
