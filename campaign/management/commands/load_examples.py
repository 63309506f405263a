"""manage.py load_examples: the two example campaigns and a team to sign in as, once, in development."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.examples import loading
from campaign.files import Faulty


class Command(BaseCommand):
    """Reads the clock, makes one call, says what happened."""

    help = "Loads the example campaigns and the demo team, once. For development alone."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = loading.load(now=timezone.now())
        except (loading.NotPossible, Faulty) as error:
            raise CommandError(str(error)) from error
        if loaded:
            self.stdout.write(f"The examples are loaded. Passwords of the demo team: {loading.sign_in_file()}")
        else:
            self.stdout.write("The examples are loaded already.")
