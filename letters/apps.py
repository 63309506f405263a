from django.apps import AppConfig


class LettersConfig(AppConfig):
    """The letter and the act of signing it."""

    name = "letters"

    def ready(self) -> None:
        """Stop at a mistake in the operator's rules for addresses before anybody signs."""
        from letters import address_rules

        address_rules.check()
