"""Files in UPLOADS_DIR that no row names: a process was killed between writing one and saying so."""

import contextlib
import logging
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from campaign.models import Attachment, Capture

_OLD = timedelta(days=1)
log = logging.getLogger(__name__)


def sweep(*, now: datetime) -> int:
    """Delete what has lain there for a day without a row; answers how many.

    Where rows name none of the files that lie there, nothing is deleted: then the folder and the database are not of
    one instance, or one of them is not restored yet.
    """
    folder: Path = settings.UPLOADS_DIR
    if not folder.is_dir():
        return 0
    there = {path: _name(path) for path in folder.iterdir() if path.is_file()}
    ids = [name for name in there.values() if name]
    named = {
        *Attachment.objects.filter(pk__in=ids).values_list("pk", flat=True),
        *Capture.objects.filter(pk__in=ids).values_list("pk", flat=True),
    }
    if not named:
        return 0
    dropped = 0
    for path, name in there.items():
        is_ours = name is not None or path.name.startswith(".")
        with contextlib.suppress(FileNotFoundError):
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if is_ours and name not in named and written < now - _OLD:
                path.unlink()
                dropped += 1
    if dropped:
        log.info("uploads: %s files that no row names are gone", dropped)
    return dropped


def _name(path: Path) -> uuid.UUID | None:
    """The id under which a finished file lies; unfinished ones begin with a dot."""
    try:
        return uuid.UUID(hex=path.name) if len(path.name) == 32 else None
    except ValueError:
        return None
