"""A file that no row names is gone after a day; nothing else ever is."""

import os
import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from campaign import leftovers, recording, uploads
from campaign.models import Capture
from campaign.recording import NewSource
from tests.cast import NOW

pytestmark = pytest.mark.django_db
PDF = uploads.Taken("paper.pdf", uploads.PDF, b"%PDF-1.7 words")


def lies(name: str, *, hours: int) -> None:
    path = settings.UPLOADS_DIR / name
    path.write_bytes(b"%PDF-")
    then = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))


def lying() -> set[str]:
    return {path.name for path in settings.UPLOADS_DIR.iterdir()}


def test_what_a_kill_left_is_gone_after_a_day_and_all_else_stays(cast):
    recording.add_source(campaign=cast.campaign, new=NewSource(title="Paper", capture=PDF), now=NOW)
    kept = Capture.objects.get().pk.hex
    os.utime(settings.UPLOADS_DIR / kept, (0, 0))
    old, young, unfinished = uuid.uuid4().hex, uuid.uuid4().hex, f".{uuid.uuid4().hex}"
    for name, hours in ((old, 25), (unfinished, 25), (young, 23), ("README", 999), ("x" * 32, 999)):
        lies(name, hours=hours)

    dropped = leftovers.sweep(now=NOW)

    assert dropped == 2
    assert lying() == {kept, young, "README", "x" * 32}


def test_a_folder_of_another_instance_or_before_a_restore_is_left_alone(cast):
    assert leftovers.sweep(now=NOW) == 0
    settings.UPLOADS_DIR.mkdir()
    lies(uuid.uuid4().hex, hours=99)

    assert leftovers.sweep(now=NOW) == 0
    assert len(lying()) == 1
