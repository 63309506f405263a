"""Development's mail server: every mail that leaves is also a file, so that a newcomer needs nothing else."""

import email
import email.policy
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage as Parsed
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend


class EmailBackend(SMTPBackend):
    """Writes each mail to MAIL_DIR as one file, and sends it too when EMAIL_HOST is given."""

    def open(self) -> bool | None:
        """Connect only when there is somewhere to connect to."""
        return super().open() if self.host else False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = super().send_messages(email_messages) if self.host else len(email_messages)
        for message in email_messages:
            _write(message)
        return sent


@dataclass(frozen=True)
class Delivered:
    """One mail as it left."""

    name: str
    sender: str
    recipient: str
    subject: str
    text: str
    left_at: datetime


def newest(*, most: int) -> list[Delivered]:
    """The last `most` mails, newest first."""
    folder = _folder()
    files = sorted(folder.glob("*.eml"), reverse=True)[:most] if folder.is_dir() else []
    return [_read(file) for file in files]


def _folder() -> Path:
    assert settings.MAIL_DIR is not None, "this backend is for development"
    return settings.MAIL_DIR


def _write(message: EmailMessage) -> None:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{time.time_ns():020d}-{os.urandom(4).hex()}"
    part = folder / f".{name}.part"
    part.write_bytes(message.message().as_bytes())
    part.rename(folder / f"{name}.eml")


def _read(file: Path) -> Delivered:
    parsed: Any = email.message_from_bytes(file.read_bytes(), policy=email.policy.default, _class=Parsed)
    body = parsed.get_body(("plain",))
    return Delivered(
        name=file.stem,
        sender=str(parsed["From"]),
        recipient=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        text=body.get_content() if body else "",
        left_at=datetime.fromtimestamp(int(file.stem.partition("-")[0]) / 1e9, tz=UTC),
    )
