"""`manage.py suppressions`: let an address have mail again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts import suppression


class Command(BaseCommand):
    """Lifts what keeps mail from an address. It does not tell whether anything did: nobody is to test addresses."""

    help = "Let an address have mail again that bounced, or whose reader complained."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lift", required=True, metavar="ADDRESS", help="nothing is kept from it any more")

    def handle(self, *args: object, **options: Any) -> None:
        suppression.lift(address=options["lift"])
        self.stdout.write("Nothing is kept from this address now.")
