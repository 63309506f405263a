"""The site as a whole: health, the mailbox, headers, production settings."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine

from accounts import pulse
from accounts.shortlived import memory
from config import env

pytestmark = pytest.mark.django_db

PRODUCTION = {
    "DEVELOPMENT": "",
    "SITE_URL": "https://letters.example.org",
    "SECRET_KEY": "k" * 60,
    "MAIL_FROM_CODES": "Codes <codes@codes.example.net>",
}


def in_production(code: str, **extra: str) -> subprocess.CompletedProcess[str]:
    script = f"import django; django.setup()\n{code}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **PRODUCTION, **extra}
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)


def test_ready_means_database_broker_workers_and_schedule(stranger):
    silent = stranger.get("/readyz")
    for part in ("schedule", "codes", "mail", "bulk"):
        pulse.mark(part)
    ready = stranger.get("/readyz")
    memory().set("pulse:mail", 1.0)
    stale = stranger.get("/readyz")

    assert (silent.status_code, ready.status_code, stale.status_code) == (503, 200, 503)
    assert "silent for" in stale.json()["worker of mail"]


def test_signs_of_life_go_by_the_clock_of_redis():
    pulse.mark("mail")

    with time_machine.travel(timedelta(days=1)):
        assert (pulse.age("mail") or 99) < 5
    assert pulse.age("bulk") is None


def test_the_mailbox_shows_mail_newest_first_in_development(cast, mailbox, stranger):
    from tests.cast import ask

    ask(stranger, email="first@acme.example")
    mailbox()
    ask(stranger, email="second@acme.example")
    mailbox()

    page = stranger.get("/mailbox/").content.decode()
    assert page.index("second@acme.example") < page.index("first@acme.example")


_FACTS = """
import json
from django.conf import settings
from django.urls import Resolver404, resolve

def view(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return "absent"

print(json.dumps({
    "mailbox": view("/mailbox/"), "mail folder": settings.MAIL_DIR, "reports": view("/hooks/mail/postmark/tracking/"),
    "backend": settings.EMAIL_BACKEND, "cookies are secure": settings.SESSION_COOKIE_SECURE,
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SIGNING_COOKIE_NAME],
}))
"""


def facts(**extra: str) -> dict[str, object]:
    """What a real site's process says of itself."""
    result = in_production(_FACTS, **extra)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


@pytest.fixture(scope="module")
def production() -> dict[str, object]:
    """What it says with nothing but what it needs."""
    return facts()


def test_the_mailbox_is_absent_in_production(production):
    assert (production["mailbox"], production["mail folder"]) == ("absent", None)


@pytest.mark.parametrize("missing", ["SITE_URL", "SECRET_KEY", "MAIL_FROM_CODES"])
def test_production_stops_with_the_name_of_what_is_missing(missing):
    result = in_production("", **{missing: ""})

    assert result.returncode != 0
    assert missing in result.stderr
    assert "Traceback" not in result.stderr


def test_production_cookies_belong_to_this_host_alone(production):
    assert production["cookies"] == ["__Host-session", "__Host-csrf", "__Host-signing"]
    assert production["cookies are secure"] is True


def test_every_page_has_the_strict_policy(cast, stranger):
    for path in ("/", "/letters/robots/", "/letters/robots/sign/", "/accounts/login/", "/nowhere/"):
        headers = stranger.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


def test_sensitive_pages_are_stored_nowhere_and_their_titles_say_nothing(cast, stranger):
    for page in ("sign", "code", "signed"):
        response = stranger.get(f"/letters/robots/{page}/")
        assert "no-store" in response.headers["Cache-Control"]
        title = response.content.decode().partition("<title>")[2].partition("</title>")[0]
        assert "robots" not in title.lower()


def test_public_pages_set_no_cookie(cast, stranger):
    for path in ("/", "/letters/robots/", "/letters/robots/signatures/", "/campaigns/robots/"):
        response = stranger.get(path)
        assert not response.cookies
        assert "csrf" not in response.content.decode()  # a token would be one reader's own


def test_without_a_provider_mail_goes_by_smtp_and_nobody_may_report(production):
    assert production["backend"] == "django.core.mail.backends.smtp.EmailBackend"
    assert production["reports"] == "absent"


def test_a_provider_and_its_reports_are_chosen_by_the_environment():
    found = facts(MAIL_PROVIDER="postmark", ANYMAIL_POSTMARK_SERVER_TOKEN="x", ANYMAIL_WEBHOOK_SECRET="name:word")

    assert found["backend"] == "anymail.backends.postmark.EmailBackend"
    assert found["reports"] == "postmark_tracking_webhook"


def test_a_wrong_word_about_the_provider_stops_the_program_with_its_name(monkeypatch):
    result = in_production("", ANYMAIL_WEBHOOK_SECRET="short")
    monkeypatch.setenv("MAIL_PROVIDER", "pigeon")

    assert result.returncode != 0
    assert "ANYMAIL_WEBHOOK_SECRET has to read" in result.stderr and "Traceback" not in result.stderr
    with pytest.raises(env.WrongSetting, match="MAIL_PROVIDER is 'pigeon'"):
        env.choice("MAIL_PROVIDER", ["postmark"])
