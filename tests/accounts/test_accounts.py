"""Organisers' accounts, limits without IPs, discreet logs."""

import email
import email.policy
import logging

import pytest
from django.test import Client, RequestFactory

from accounts import throttling
from accounts.shortlived import memory
from config.logs import Discreet, blacken
from tests.cast import browser_of, code_of, organiser

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery 9"


def sign_up(client: Client, email: str):
    return client.post("/accounts/signup/", {"email": email, "password1": PASSWORD})


def test_somebody_signs_up_confirms_with_a_code_and_is_in(mailbox):
    client = Client()
    sign_up(client, "new@team.example")
    [mail] = mailbox("new@team.example")

    response = client.post("/accounts/confirm-email/", {"code": code_of(mail.text)})

    assert response.status_code == 302
    assert client.get("/organise/").status_code == 200


def test_mail_about_an_account_is_text_first_with_plain_html_beside_it(mailbox, tmp_path):
    sign_up(Client(), "new@team.example")
    [mail] = mailbox("new@team.example")

    [file] = (tmp_path / "mail").glob("*.eml")
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert code_of(mail.text) in parsed.get_body(("html",)).get_content()


def test_signing_up_with_a_known_address_looks_the_same(mailbox):
    organiser("Carla")

    known, new = sign_up(Client(), "carla@team.example"), sign_up(Client(), "new@team.example")

    assert (known.status_code, known.headers["Location"]) == (new.status_code, new.headers["Location"])
    assert "http" not in "".join(mail.text for mail in mailbox("new@team.example"))


def test_no_address_of_the_network_reaches_redis():
    client = Client(REMOTE_ADDR="203.0.113.77")
    for path in ("/accounts/signup/", "/accounts/login/"):
        client.post(path, {"email": "x@team.example", "login": "x@team.example", "password": "y", "password1": "y"})

    held = b" ".join(memory().keys("*")) + b" ".join(memory().get(key) or b"" for key in memory().keys("cache*"))
    assert b"203.0.113" not in held


def test_a_proxy_header_is_believed_only_from_trusted_proxies(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 198.51.100.9")

    assert throttling.network_of(request) == "10.0.0.0/24"
    settings.TRUSTED_PROXIES = 1
    assert throttling.network_of(request) == "198.51.100.0/24"


def test_an_office_behind_one_address_counts_as_one_network_and_others_do_not():
    one = throttling.within(scope="t", subject="10.0.0.0/24", most=1, seconds=60)
    two = throttling.within(scope="t", subject="10.0.0.0/24", most=1, seconds=60)
    other = throttling.within(scope="t", subject="10.0.1.0/24", most=1, seconds=60)

    assert (one, two, other) == (True, False, True)


def test_team_pages_ask_for_a_second_factor_where_the_site_requires_it(settings):
    client = browser_of(organiser("Carla"))

    settings.SECOND_FACTOR_REQUIRED = True
    asked = client.get("/organise/")
    settings.SECOND_FACTOR_REQUIRED = False

    assert asked.headers["Location"].endswith("/2fa/totp/activate/")
    assert client.get("/organise/").status_code == 200


def test_logs_black_out_addresses_and_queries():
    record = logging.makeLogRecord(
        {"msg": "GET /x?email=%s failed for %s", "args": ("a@b.example", "ana@acme.example")}
    )

    Discreet().filter(record)

    assert "acme" not in record.getMessage()
    assert "b.example" not in record.getMessage()
    assert blacken("<ana@acme.example>: 550") == "<█>: 550"
