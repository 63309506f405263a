"""By what people are counted, and how small a group may never be shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# A group smaller than this is shown nowhere, and no shown number moves by less (docs/privacy.md).
# It stands in the database's constraints too: changing it takes a migration, on purpose.
THRESHOLD = 10


class RoleGroup(models.TextChoices):
    """What kind of work a signer does; the most that is ever kept of a confidential signer's role."""

    ENGINEERING = "engineering", _("Engineering")
    RESEARCH = "research", _("Research")
    DESIGN = "design", _("Design")
    PRODUCT = "product", _("Product")
    OPERATIONS = "operations", _("Operations and support")
    BUSINESS = "business", _("Business, sales and policy")
    LEADERSHIP = "leadership", _("Leadership")
    OTHER = "", _("Other or not stated")
