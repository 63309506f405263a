"""The moment by the database's clock: what is due is decided by one clock, whichever worker asks."""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """The moment, aware and in UTC. A worker's own clock may be a day off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)
