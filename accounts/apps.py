from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who organisers are, and the mail that we owe."""

    name = "accounts"
