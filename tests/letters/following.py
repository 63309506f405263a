"""How tests follow a campaign: over its pages, as a person does."""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.test import Client

from campaign import news
from campaign.models import Campaign, News, NewsKind, Update
from tests.cast import code_of

# A Tuesday, eleven in the morning in Berlin.
NOON = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


def ask_for_news(client: Client, *, address: str, frequency: str = "instant", zone: str = "Europe/Berlin"):
    """Send the form."""
    form = {"email": address, "frequency": frequency, "time_zone": zone}
    return client.post("/campaigns/robots/news/", form)


def follow(mailbox, *, address: str, frequency: str = "instant", zone: str = "Europe/Berlin"):
    """Form, mail, code; answers the last response."""
    client = Client()
    ask_for_news(client, address=address, frequency=frequency, zone=zone)
    code = code_of([mail for mail in mailbox(address) if mail.subject == "Your code"][-1].text)
    return client.post("/campaigns/robots/news/code/", {"code": code})


def tell(campaign: Campaign, title: str, *, now: datetime = NOON, body: str = "Read on.") -> News:
    """Announce an update."""
    update = Update.objects.create(campaign=campaign, title=title, body=body, published_at=now)
    one = News.objects.create(campaign=campaign, kind=NewsKind.UPDATE, update=update, happened_at=now)
    news.announce(one.pk, now=now)
    return one


def settings_path(text: str) -> str:
    """The path of the page that a mail of news names."""
    found = re.search(rf"^{re.escape(settings.SITE_URL)}(/news/\S+/)$", text, re.MULTILINE)
    assert found, text
    return found.group(1)
