"""`manage.py disclose`: what could be handed over about an address and a letter if somebody forced us."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from letters import disclosing, verification


class Command(BaseCommand):
    help = (
        "Say what this server could be made to hand over about an address and a letter, from its live state. "
        "It does not test whether the address has signed: nobody has to know, so nobody is told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", required=True, help="the e-mail address that a demand names")
        parser.add_argument("--letter", required=True, metavar="SLUG", help="the letter's address, e.g. iceout-2026")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = verification.parse(options["address"])
            found = disclosing.rehearse(slug=options["letter"], address=address)
        except (verification.NotAnAddress, disclosing.NoSuchLetter) as error:
            raise CommandError(str(error)) from error
        for line in found:
            self.stdout.write(line)
