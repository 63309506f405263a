"""Campaigns as files: the format `undersigned-campaign/1`, read and written (docs/campaign-files.md)."""

from campaign.files.exporting import NoSuchCampaign, export_campaign, hand_over
from campaign.files.faults import Fault, Faulty
from campaign.files.importing import Report, import_campaign

__all__ = ["Fault", "Faulty", "NoSuchCampaign", "Report", "export_campaign", "hand_over", "import_campaign"]
