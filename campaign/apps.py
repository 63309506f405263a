from django.apps import AppConfig


class CampaignConfig(AppConfig):
    """People who organise, the executives they address, and what those answered."""

    name = "campaign"
