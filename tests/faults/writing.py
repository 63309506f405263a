"""The product's side of the ordeal: owes mails through the outbox, each in a transaction, while servers die under it.

A process of its own: `python -m tests.faults.writing MAILS SECONDS CANARY`. Like a web server that is asked
again, it repeats a transaction whose end it did not learn; the key makes that harmless.
"""

import sys
import time
from dataclasses import dataclass

import django
from django.db import InterfaceError, OperationalError, connection, transaction

from tests.faults.hostile import REFUSED


@dataclass(frozen=True)
class Mail:
    """One mail of the ordeal; its number decides everything about it."""

    number: int
    canary: str

    @property
    def at_most_once(self) -> bool:
        """Every second one must not come twice."""
        return self.number % 2 == 1

    @property
    def kind(self) -> str:
        """What sort of mail; a sixth is bulk."""
        if not self.at_most_once:
            return "account"
        return "news" if self.number % 6 == 1 else "reminder"

    @property
    def refused(self) -> bool:
        """Two in a hundred go to nobody, one of each kind."""
        return self.number % 100 in {10, 51}

    @property
    def recipient(self) -> str:
        """An address that can be found again wherever it leaks to."""
        return (
            f"{REFUSED if self.refused else 'somebody'}-{self.canary}-{self.number}@{self.number % 7}.hostile.example"
        )

    @property
    def key(self) -> str:
        """The row's key, as the outbox writes it."""
        return f"{self.kind}:{self.number}"


def main(mails: int, seconds: float, canary: str) -> None:
    """Owe so many mails over so many seconds, and one in twenty-five more whose cause is undone."""
    began = time.monotonic()
    for number in range(mails):
        time.sleep(max(0.0, began + number * seconds / mails - time.monotonic()))
        owe(Mail(number, canary))
        if number % 25 == 0:
            owe_and_undo(canary, number)


def owe(mail: Mail) -> None:
    """Until the commit is certain."""
    from accounts import outbox

    head = outbox.Letterhead(recipient=mail.recipient, subject=f"Number {mail.number}", text=f"For {mail.recipient}")
    while True:
        try:
            with transaction.atomic():
                outbox.queue(kind=outbox.KINDS[mail.kind], key=str(mail.number), mail=head)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.2)
        else:
            return


def owe_and_undo(canary: str, number: int) -> None:
    """A mail whose cause does not come to pass."""
    from accounts import outbox

    head = outbox.Letterhead(recipient=f"undone-{canary}-{number}@hostile.example", subject="Never", text="Never")
    try:
        with transaction.atomic():
            outbox.queue(kind=outbox.ACCOUNT, key=f"undone-{number}", mail=head)
            transaction.set_rollback(True)
    except (OperationalError, InterfaceError):
        connection.close()


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3])
