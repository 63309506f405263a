"""`make flood`: how long a code takes from commit to the mail server while all the news there is wait before it.

MAILS news mails are due, a bulk worker sends them without a pause to a mail server that takes 20 ms for each, and
CODES codes are owed one after the other. The codes' own worker rings and sweeps as in production.
"""

import asyncio
import json
import logging
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.quickstart.valkey import free_port

MAILS, CODES = int(os.environ.get("MAILS", "100000")), int(os.environ.get("CODES", "200"))
DOMAINS, LATENCY, GOAL = 2000, 0.02, 2.0


class Server:
    """Takes every mail after a short while, and remembers when which code came."""

    def __init__(self) -> None:
        self.codes: dict[str, float] = {}
        self.news = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """It has arrived when the server has all of it."""
        [recipient] = envelope.rcpt_tos
        if recipient.startswith("code-"):
            self.codes[recipient] = time.monotonic()
        else:
            self.news += 1
        await asyncio.sleep(LATENCY)
        return "250 taken"


def fill() -> None:
    """All the news, due now, each sealed as the outbox seals it."""
    from django.db.models.functions import Now

    from accounts import lanes, outbox, sealing
    from accounts.models import OutgoingMail

    name, key = sealing.lasting_key()

    def row(number: int) -> Any:
        mail_id = uuid.uuid4()
        to = f"reader-{number}@{number % DOMAINS}.example"
        head = outbox.Letterhead(recipient=to, subject="News", text="Something happened.\n" * 20)
        sealed = sealing.seal(json.dumps(head.__dict__).encode(), key=key, bound_to=str(mail_id))
        return OutgoingMail(
            id=mail_id, key=f"news:{number}", kind="news", queue="bulk", lane=lanes.name_of(to), at_most_once=True,
            sealed=sealed, sealing_key=name, due_at=Now(), expires_at=Now() + timedelta(days=3),
        )  # fmt: skip

    for begin in range(0, MAILS, 5000):
        OutgoingMail.objects.bulk_create([row(number) for number in range(begin, min(begin + 5000, MAILS))])


def owe_codes(server: Server) -> list[float]:
    """Owe one code after the other; answers how long each took from its commit to its arrival."""
    from django.db import transaction

    from accounts import outbox

    took = []
    for number in range(CODES):
        to = f"code-{number}@signers.example"
        head = outbox.Letterhead(recipient=to, subject="Your code", text="ABCD", sender="codes@codes.example")
        with transaction.atomic():
            outbox.queue(kind=outbox.CODE, key=secrets.token_hex(8), mail=head)
        owed = time.monotonic()
        while to not in server.codes and time.monotonic() - owed < 60:
            time.sleep(0.002)
        took.append(server.codes.get(to, owed + 60) - owed)
    return took


def start(folder: Path, port: int) -> list["subprocess.Popen[bytes]"]:
    """The workers for codes and bulk, and the schedule."""
    environment = {**os.environ, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "MAIL_DIR": str(folder / "mail")}
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    return [
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in (
            [*celery, "worker", "-Q", "codes", "-c", "2", "-n", "codes@%h", *quiet],
            [*celery, "worker", "-Q", "bulk", "-c", "1", "-n", "bulk@%h", *quiet],
            [*celery, "beat", "--schedule", str(folder / "schedule"), "--pidfile=", "--loglevel", "WARNING"],
        )
    ]


def main() -> int:
    """Measure and print; answers whether the goal was missed."""
    import django

    django.setup()
    from django.core.management import call_command

    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the server's own
    call_command("migrate", verbosity=0)
    fill()
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    with tempfile.TemporaryDirectory(prefix="undersigned-flood-") as folder:
        processes = start(Path(folder), controller.port)
        try:
            while server.news < 50:
                time.sleep(0.1)
            began, before = time.monotonic(), server.news
            took = sorted(owe_codes(server))
            rate = (server.news - before) / (time.monotonic() - began)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=60)
            controller.stop()
    p50, p95 = statistics.median(took), took[int(len(took) * 0.95) - 1]
    print(f"{MAILS:,} news mails waiting, of which {server.news:,} left meanwhile, {rate:.0f} a second")
    print(f"{CODES} codes, from commit to arrival: p50 {p50:.2f} s, p95 {p95:.2f} s, longest {took[-1]:.2f} s")
    return p95 > GOAL


if __name__ == "__main__":
    sys.exit(main())
