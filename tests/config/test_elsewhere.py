"""Nobody is led elsewhere, nothing is fetched from there, and no request chooses the host that a mail names (A8)."""

import ast
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from campaign import membership
from campaign.models import Role
from tests.cast import NOW, ask, browser_of, sign

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
EVIL = "evil.example"
# Everything that opens a connection. Mail leaves by SMTP or by its provider's library, whose errors we know by name.
CONNECTS = {"socket", "http.client", "urllib.request", "httpx", "aiohttp", "requests", "urllib3", "ftplib", "smtplib"}
KNOWN = {
    "accounts/failures.py": {"smtplib"},
    "accounts/failures_of_providers.py": {"requests", "urllib3"},
    "config/quickstart/running.py": {"socket", "http.client"},
    "config/quickstart/valkey.py": {"socket"},
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def test_the_server_fetches_nothing_that_somebody_named():
    opened = {}
    for app in ("accounts", "letters", "campaign", "config"):
        for path in (ROOT / app).rglob("*.py"):
            if connects := imports(path) & CONNECTS:
                opened[str(path.relative_to(ROOT))] = connects

    assert opened == KNOWN


def addresses() -> list[str]:
    """Every address without a part that varies."""
    found: list[str] = []

    def walk(patterns, before: str) -> None:
        for one in patterns:
            route = before + str(one.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
            if not isinstance(one, URLPattern):
                walk(one.url_patterns, route)
            elif not set("<([\\") & set(route):
                found.append(f"/{route}")

    walk(get_resolver().url_patterns, "")
    return found


@pytest.mark.parametrize("who", ["stranger", "carla"])
def test_no_page_leads_elsewhere_whatever_the_address_asks_for(cast, who):
    client = Client() if who == "stranger" else browser_of(cast.carla)
    asked = [f"//{EVIL}", f"//{EVIL}/letters/robots/", "/%5c%5cevil.example/", *addresses(), "/letters/robots/sign/"]
    assert {"/accounts/login/", "/organise/", "/"} <= set(asked)

    for path in asked:
        answer = client.get(path, {"next": f"//{EVIL}/", "url": f"https://{EVIL}", "redirect": f"/\\{EVIL}"})

        host = urlsplit(answer.headers.get("Location", "").replace("\\", "/")).netloc
        assert host in {"", "testserver"}, path


@pytest.mark.parametrize("wanted", [f"//{EVIL}/", f"https://{EVIL}", f"/\\{EVIL}", f"http:{EVIL}"])
def test_signing_in_leads_nowhere_else(cast, wanted):
    cast.carla.set_password("correct horse battery 9")
    cast.carla.save(update_fields=["password"])

    answer = Client().post(
        "/accounts/login/",
        {"login": cast.carla.email, "password": "correct horse battery 9", "next": wanted},
    )

    assert answer.status_code == 302
    assert urlsplit(answer.headers["Location"].replace("\\", "/")).netloc == ""


def test_no_mail_names_the_host_that_a_request_came_with(cast, mailbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    evil = Client(headers={"host": EVIL, "x-forwarded-host": EVIL})

    ask(evil, email="ana@home.example")
    evil.post("/accounts/signup/", {"email": "new@home.example", "password1": "correct horse battery 9"})
    evil.post("/accounts/password/reset/", {"email": cast.carla.email})
    evil.post("/campaigns/robots/news/", {"email": "fay@home.example", "frequency": "weekly"})
    membership.invite(team=cast.campaign.team, email="asked@home.example", role=Role.EDITOR, by=cast.carla, now=NOW)
    sign(mailbox, address="ben@home.example", client=evil, visibility="public", name="Ben")

    mails = mailbox()
    assert {mail.recipient for mail in mails} >= {"ana@home.example", "new@home.example", cast.carla.email}
    assert not [mail for mail in mails if EVIL in f"{mail.subject}{mail.text}{mail.sender}"]


def test_an_unknown_host_is_refused(cast, settings):
    settings.ALLOWED_HOSTS = ["letters.example.org"]

    assert Client().get("/", headers={"host": EVIL}).status_code == 400
