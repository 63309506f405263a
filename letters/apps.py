from django.apps import AppConfig


class LettersConfig(AppConfig):
    """The letter and the act of signing it."""

    name = "letters"
