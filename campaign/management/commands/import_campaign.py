"""manage.py import_campaign: make a campaign from its file, or bring it in line with it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.files import Faulty, Report, import_campaign
from campaign.files.work import lines_on


class Command(BaseCommand):
    """Reads the file, makes one call, says what happened."""

    help = "Makes a campaign from its file, or brings it in line with it (docs/campaign-files.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the campaign's file")
        parser.add_argument("--team", help="the team that the campaign belongs to; made if there is none of this name")

    def handle(self, *args: Any, file: str, team: str | None, **options: Any) -> None:
        try:
            report = import_campaign(
                _read(file), file_name=file, team_name=team, now=timezone.now(), tell=lines_on(self.stderr)
            )
        except Faulty as faulty:
            raise CommandError(f"Nothing was imported.\n{faulty}") from faulty
        self.say(report)

    def say(self, report: Report) -> None:
        """What was made, changed and left alone, a line for each."""
        for heading, lines in (
            ("Made", report.made),
            ("Changed", report.changed),
            ("Left alone", report.left_alone),
        ):
            for line in lines:
                self.stdout.write(f"{heading}: {line}")
        if report.nothing_changed:
            self.stdout.write(f"The campaign {report.slug} stands as in the file; nothing was changed.")


def _read(file: str) -> str:
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CommandError(f"Nothing was imported.\n{file}, line {line}: this is not UTF-8 text.") from error
