from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The wiring: it brings the site's shell templates and the words filters, no models."""

    name = "config"
    label = "config"
