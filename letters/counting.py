"""Adding to and taking from a letter's counts, a row at a time. Whoever signs counts under her text's edition.

Each takes the version that was signed; the database's `letters_counted_under` finds the first of its edition.
"""

import uuid
from datetime import date

from django.db import connection

from letters import freshness
from letters.models import Pin, PublicSignature
from letters.settling import Group


def count_public(
    *,
    letter_id: uuid.UUID,
    version_id: uuid.UUID | str,
    employer_id: int | None,
    role_group: str,
    today: date,
    by: int = 1,
) -> None:
    """Add so many to the shown count of a group of public signers, and to its day."""
    freshness.changed()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH grown AS (
                INSERT INTO letters_day (letter_id, day, public, confidential) VALUES (%s, %s, %s, 0)
                ON CONFLICT (letter_id, day) DO UPDATE SET public = letters_day.public + EXCLUDED.public
            )
            INSERT INTO letters_cell (letter_id, version_id, employer_id, role_group, public, confidential)
            VALUES (%s, letters_counted_under(%s), %s, %s, %s, 0)
            ON CONFLICT (letter_id, version_id, employer_id, role_group)
            DO UPDATE SET public = letters_cell.public + EXCLUDED.public
            """,
            [letter_id, today, by, letter_id, version_id, employer_id, role_group, by],
        )


def count_withdrawn(signature: PublicSignature, today: date) -> None:
    """One public signature fewer in its group, and one more that was taken back today."""
    freshness.changed()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH moved AS (
                INSERT INTO letters_day (letter_id, day, public, confidential, withdrawn) VALUES (%s, %s, 0, 0, 1)
                ON CONFLICT (letter_id, day) DO UPDATE SET withdrawn = letters_day.withdrawn + 1
            )
            UPDATE letters_cell SET public = public - 1
            WHERE letter_id = %s AND version_id = letters_counted_under(%s)
            AND employer_id IS NOT DISTINCT FROM %s AND role_group = %s
            """,
            [
                signature.letter_id,
                today,
                signature.letter_id,
                signature.version_id,
                signature.employer_id,
                signature.role_group,
            ],
        )


def count_signature(signature: PublicSignature) -> None:
    """One more is shown: in its group, and on the day that it says."""
    count_public(
        letter_id=signature.letter_id,
        version_id=signature.version_id,
        employer_id=signature.employer_id,
        role_group=signature.role_group,
        today=signature.signed_on,
    )


def uncount_signature(signature: PublicSignature) -> None:
    """It is no longer shown and waits again: as if it had not been counted, so nobody took it back."""
    freshness.changed()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH shrunk AS (
                UPDATE letters_day SET public = public - 1 WHERE letter_id = %s AND day = (
                    SELECT day FROM letters_day WHERE letter_id = %s AND public > 0
                    ORDER BY day = %s DESC, day DESC LIMIT 1
                )
            )
            UPDATE letters_cell SET public = public - 1
            WHERE letter_id = %s AND version_id = letters_counted_under(%s)
            AND employer_id IS NOT DISTINCT FROM %s AND role_group = %s
            """,
            [
                signature.letter_id,
                signature.letter_id,
                signature.signed_on,
                signature.letter_id,
                signature.version_id,
                signature.employer_id,
                signature.role_group,
            ],
        )


def move(signature: PublicSignature, *, version_id: uuid.UUID, role_group: str) -> None:
    """Count the signature elsewhere."""
    _move(signature, (str(version_id), signature.employer_id, role_group))


def move_to_employer(signature: PublicSignature, *, employer_id: int | None) -> None:
    """Count the signature at this employer, or at none."""
    _move(signature, (str(signature.version_id), employer_id, signature.role_group))


def _move(signature: PublicSignature, to: tuple[str, int | None, str]) -> None:
    """One fewer there and one more here, in an order in which two such moves never wait crosswise."""
    freshness.changed()
    was = (str(signature.version_id), signature.employer_id, signature.role_group)
    moves = sorted([(was, -1), (to, 1)], key=lambda move: (move[0][0], move[0][1] or 0, move[0][2]))
    with connection.cursor() as cursor:
        for (version, employer, group), by in moves:
            cursor.execute(
                """
                INSERT INTO letters_cell (letter_id, version_id, employer_id, role_group, public, confidential)
                VALUES (%s, letters_counted_under(%s), %s, %s, greatest(%s, 0), 0)
                ON CONFLICT (letter_id, version_id, employer_id, role_group)
                DO UPDATE SET public = letters_cell.public + %s
                """,
                [signature.letter_id, version, employer, group, by, by],
            )


def erase(signature: PublicSignature, today: date) -> None:
    """A name goes from the list, and every word with it."""
    Pin.objects.filter(signature=signature).delete()
    PublicSignature.objects.filter(pk=signature.pk).update(
        state=PublicSignature.State.WITHDRAWN,
        withdrawn_on=today,
        removal=None,
        **PublicSignature.WORDLESS,
    )


def let_go(*, letter_id: uuid.UUID, employer_id: int | None, edition: int) -> None:
    """Count one confidential signer of this edition fewer, some time: pooling decides where and when."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_leaving (letter_id, edition, employer_id, count) VALUES (%s, %s, %s, 1)
            ON CONFLICT (letter_id, edition, employer_id) DO UPDATE SET count = letters_leaving.count + 1
            """,
            [letter_id, edition, employer_id],
        )


def wait(*, letter_id: uuid.UUID, group: Group) -> None:
    """One more confidential signer of this group waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_waiting (letter_id, version_id, employer_id, role_group, count)
            VALUES (%s, letters_counted_under(%s), %s, %s, 1)
            ON CONFLICT (letter_id, version_id, employer_id, role_group)
            DO UPDATE SET count = letters_waiting.count + 1
            """,
            [letter_id, group.version_id, group.employer_id, group.role_group],
        )


def promise(*, letter_id: uuid.UUID, group: Group, scope: str, number: int) -> None:
    """One more confidential signer of this group waits until so many have signed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_pledge (letter_id, version_id, employer_id, role_group, scope, number, count)
            VALUES (%s, letters_counted_under(%s), %s, %s, %s, %s, 1)
            ON CONFLICT (letter_id, version_id, employer_id, role_group, scope, number)
            DO UPDATE SET count = letters_pledge.count + 1
            """,
            [letter_id, group.version_id, group.employer_id, group.role_group, scope, number],
        )
