"""manage.py export_campaign: write a campaign as a file that import_campaign reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.files import NoSuchCampaign, hand_over


class Command(BaseCommand):
    """Makes one call and writes what it answers."""

    help = "Writes a campaign as a file that import_campaign reads. It holds no signature (docs/campaign-files.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the last part of the campaign's address")
        parser.add_argument("file", nargs="?", help="the file to write; standard output when left out")

    def handle(self, *args: Any, slug: str, file: str | None, **options: Any) -> None:
        try:
            text = hand_over(slug, now=timezone.now())
        except NoSuchCampaign as error:
            raise CommandError(f'There is no campaign "{slug}".') from error
        if file is None:
            self.stdout.write(text, ending="")
            return
        try:
            Path(file).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
