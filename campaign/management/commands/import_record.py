"""manage.py import_record: entries from a table (CSV) into a campaign that is there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.files import Faulty, exporting, tables
from campaign.files.work import lines_on


class Command(BaseCommand):
    """Reads the table, makes one call, says what would happen or happened."""

    help = "Brings entries of a CSV file into a record (docs/record-files.md); only shows them without --write."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the campaign's slug")
        parser.add_argument("file", help="the CSV file, in UTF-8")
        parser.add_argument("--write", action="store_true", help="write it; without this nothing is changed")

    def handle(self, *args: Any, slug: str, file: str, write: bool, **options: Any) -> None:
        try:
            text = Path(file).read_text(encoding="utf-8-sig")
            report = tables.import_table(
                text,
                slug=slug,
                file_name=file,
                now=timezone.now(),
                write=write,
                tell=lines_on(self.stderr),
            )
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except exporting.NoSuchCampaign as error:
            raise CommandError(f'There is no campaign "{slug}".') from error
        except Faulty as faulty:
            raise CommandError(f"Nothing was imported.\n{faulty}") from faulty
        for heading, lines in (("Made", report.made), ("Changed", report.changed)):
            for line in lines:
                self.stdout.write(f"{heading if write else f'Would be {heading.lower()}'}: {line}")
        if report.nothing_changed:
            self.stdout.write("The record stands as in the table.")
        elif not write:
            self.stdout.write("Nothing was written. Say --write to write it.")
