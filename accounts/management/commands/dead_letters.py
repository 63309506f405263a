"""`manage.py dead_letters`: list what could not be sent, then send it again or bury it."""

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock, deadletters
from accounts.deadletters import DEAD, UNCERTAIN, Choice
from accounts.kinds import KINDS, OUTREACH


class Command(BaseCommand):
    """Lists dead and uncertain letters by kind, class and age; sends chosen ones again, or buries them."""

    help = "List dead and uncertain letters; with --retry, --release or --bury decide about the chosen ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verb = parser.add_mutually_exclusive_group()
        verb.add_argument("--retry", action="store_true", help="send dead letters again, with all their attempts anew")
        verb.add_argument("--release", action="store_true", help="send uncertain letters again: they may arrive twice")
        verb.add_argument("--bury", action="store_true", help="throw their content away")
        parser.add_argument("--kind", default="", choices=["", *KINDS], metavar="KIND", help="only of this kind")
        parser.add_argument("--failure", default="", help="only of this class, as the list writes it")
        parser.add_argument("--id", type=uuid.UUID, action="append", default=[], help="only this row; may be repeated")
        parser.add_argument("--all", action="store_true", help="whatever there is")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--no-input", action="store_true", help="do not ask before --release")

    def handle(self, *args: object, **options: Any) -> None:
        choice = Choice(kind=options["kind"], failure=options["failure"], ids=tuple(options["id"]))
        if not (options["retry"] or options["release"] or options["bury"]):
            self._list(choice)
            return
        if choice == Choice() and not options["all"]:
            raise CommandError("Say which letters: --kind, --failure, --id, or --all.")
        if choice != Choice() and options["all"]:
            raise CommandError("Either --all, or --kind, --failure or --id.")
        if not options["bury"]:
            self._warn_of_outreach(choice, DEAD if options["retry"] else UNCERTAIN)
        if options["dry_run"]:
            self._say_what_would_be_done(choice, options)
        elif options["retry"]:
            self.stdout.write(f"Dead letters owed again: {deadletters.owe_again(choice=choice, state=DEAD)}")
        elif options["release"]:
            self._release(choice, asking=not options["no_input"])
        else:
            self.stdout.write(f"Buried: {deadletters.bury(choice=choice)}")

    def _list(self, choice: Choice) -> None:
        now, heaps = clock.now(), deadletters.heaps(choice=choice)
        for heap in heaps:
            age = deadletters.age(of=heap.oldest, now=now)
            self.stdout.write(f"{heap.many:6} {heap.state:<9} {heap.kind:<10} {heap.failure:<40} oldest {age}")
        if not heaps:
            self.stdout.write("There is nothing to decide about.")
        if gone := deadletters.without_content():
            self.stdout.write(f"{gone:6} without content, so nothing can be done about them")

    def _say_what_would_be_done(self, choice: Choice, options: dict[str, Any]) -> None:
        if options["bury"]:
            self.stdout.write(f"Would be buried: {choice.of(DEAD, UNCERTAIN).count()}")
        else:
            state = DEAD if options["retry"] else UNCERTAIN
            self.stdout.write(f"Would be owed again: {choice.to_send(state).count()} {state}")

    def _warn_of_outreach(self, choice: Choice, state: str) -> None:
        if choice.kind == OUTREACH.name:
            self.stderr.write("Outreach: an office may have answered since, or been asked anew. Look before you send.")
        elif left := choice.left_alone(state):
            self.stderr.write(f"Outreach left alone: {left}. A person writes a new one; --kind outreach sends the old.")

    def _release(self, choice: Choice, *, asking: bool) -> None:
        many = choice.to_send(UNCERTAIN).count()
        self.stderr.write(f"May have arrived already: {many}. Whoever got one gets it twice.")
        if asking and many and input("Send them all the same? Type yes: ").strip() != "yes":
            self.stdout.write("Nothing was done.")
            return
        released = deadletters.owe_again(choice=choice, state=UNCERTAIN)
        self.stdout.write(f"Uncertain letters owed again: {released}")
