"""Whoever wants to flood a mailbox, a domain or the site: what leaves, and what she sees (docs/abuse.md)."""

import html
import os
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import OutgoingMail
from letters import codes, limits, unwanted
from letters.limits import Effort
from tests.cast import ask, code_of, sign
from tests.letters.following import ask_for_news
from tests.letters.test_proofofwork import solve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_on_a_real_site(settings):
    """The limits that a site begins with, and puzzles that a test solves at once."""
    settings.CODES_PER_ADDRESS_PER_DAY, settings.CODES_PER_DOMAIN_PER_HOUR, settings.TRUSTED_PROXIES = 3, 500, 1
    settings.CODES_PER_NETWORK_PER_HOUR = 40  # a fifth, to be quick: 6 without proof, 1 in a hurry, 400 that cost more
    settings.PROOF_OF_WORK_KEYS, settings.PROOF_OF_WORK_COST = 4, 10


def at(network: int) -> dict[str, str]:
    """The headers of somebody in that network."""
    return {"HTTP_X_FORWARDED_FOR": f"10.{network // 250}.{network % 250}.7"}


def form_of(client: Client, *, seconds: float = 4, proved: bool = False, path: str = "/letters/robots/sign/"):
    """Open the form so many seconds ago and answer its unseen fields."""
    with time_machine.travel(-timedelta(seconds=seconds)):
        page = client.get(path).content.decode()
    puzzle = html.unescape(re.search(r'data-puzzle="([^"]+)"', page)[1])
    made = html.unescape(re.search(r'name="made" value="([^"]+)"', page)[1])
    return {"made": made, "proof": solve(puzzle) if proved else ""}


def asked(*, address: str, network: int = 0, effort: Effort = Effort.PROVED) -> bool:
    return limits.within(address=address, network=f"10.0.{network}.0/24", effort=effort)


# --- One victim


@pytest.mark.parametrize("visibility", ["public", "confidential"])
def test_one_victim_gets_three_codes_however_many_ask_from_wherever(cast, mailbox, visibility):
    many, networks = int(os.environ.get("ABUSE_REQUESTS", "40")), int(os.environ.get("ABUSE_NETWORKS", "20"))
    spellings = ["ana@acme.example", "ANA@acme.example", "ana+{}@acme.example"]
    answers = set()
    for number in range(many):
        client = Client(**at(number % networks))
        unseen = form_of(client, proved=number % 3 == 0) if number % 20 == 0 else {}
        email = spellings[number % 3].format(number)
        answer = ask(client, email=email, visibility=visibility, name="Ana", **unseen)
        answers.add((answer.status_code, answer.headers["Location"]))
        if number % 500 == 0:
            mailbox()  # before the codes of a long run are too old to be sent
    ask_for_news(Client(**at(1)), address="ana@acme.example")

    assert answers == {(302, "/letters/robots/code/")}
    assert [mail.subject for mail in mailbox()] == ["Your code"] * 3
    # And to somebody whose name was to be shown, tomorrow's one about the code, unless it is typed.
    assert OutgoingMail.objects.filter(state="waiting").count() == (visibility == "public")


def test_requests_that_cost_nothing_leave_the_victims_day_to_her(cast, mailbox):
    for _ in range(5):
        ask(Client(**at(1)), email="ana@acme.example", homepage="https://spam.example")
    for number in range(2):
        ask(Client(**at(2)), email=f"somebody{number}@else.example")
    for _ in range(5):
        ask(Client(**at(2)), email="ana@acme.example")

    client = Client(**at(3))
    ask(client, email="ana@acme.example", **form_of(client))

    assert [mail.recipient for mail in mailbox("ana@")] == ["ana@acme.example"]


# --- One domain


def test_a_domain_has_a_ceiling_and_a_lower_one_for_what_costs_nothing(settings):
    settings.CODES_PER_DOMAIN_PER_HOUR = 50

    plain = [asked(address=f"p{n}@acme.example", network=n, effort=Effort.PLAIN) for n in range(60)]
    proved = [asked(address=f"q{n}@acme.example", network=n) for n in range(60)]
    elsewhere = asked(address="q@beta.example")

    assert (sum(plain), sum(proved), elsewhere) == (10, 50, True)


def test_a_provider_that_anybody_may_use_has_a_higher_ceiling(settings):
    settings.CODES_PER_DOMAIN_PER_HOUR = 5

    assert sum(asked(address=f"p{n}@gmail.com", network=n) for n in range(60)) == 50


# --- One network


@pytest.mark.parametrize(
    ("effort", "most"),
    [(Effort.TRAPPED, 0), (Effort.HURRIED, 1), (Effort.PLAIN, 6), (Effort.PROVED, 40), (Effort.DEARLY, 60)],
)
def test_a_network_may_ask_the_more_the_more_it_costs(effort, most):
    assert sum(asked(address=f"{n}@d{n}.example", effort=effort) for n in range(60)) == most


def test_an_office_behind_one_address_signs_all_at_once(cast, mailbox):
    for number in range(15):
        client = Client(**at(9))
        ask(client, email=f"person{number}@acme.example", **form_of(client, proved=True, seconds=1))

    assert len({mail.recipient for mail in mailbox()}) == 15


def test_a_busy_network_pays_more_and_is_not_locked_out(settings):
    settings.CODES_PER_NETWORK_PER_HOUR = 10
    network = "10.0.0.0/24"
    cheap = limits.puzzle(form="SignForm/1", network=network)
    for number in range(10):
        assert asked(address=f"{number}@d{number}.example")

    dear = limits.puzzle(form="SignForm/1", network=network)

    assert limits.effort({"proof": solve(cheap)}, form="SignForm/1") is Effort.PROVED
    assert limits.effort({"proof": solve(dear)}, form="SignForm/1") is Effort.DEARLY
    assert not asked(address="a@a.example", effort=Effort.PROVED)
    assert asked(address="b@b.example", effort=Effort.DEARLY)


# --- One form


def test_a_program_that_fills_in_everything_gets_the_same_answer_and_no_mail(cast, mailbox):
    person, program = Client(), Client()
    unseen = form_of(person)
    good = ask(person, email="ana@acme.example", **unseen)
    trapped = ask(program, email="bot@acme.example", homepage="https://x.example", **form_of(program, proved=True))
    again = program.post("/letters/robots/code/again/")
    news = program.post(
        "/campaigns/robots/news/",
        {"email": "b@acme.example", "frequency": "instant", "time_zone": "UTC", "homepage": "x"},
    )

    assert (trapped.status_code, trapped.headers["Location"]) == (good.status_code, good.headers["Location"])
    assert set(trapped.cookies) == set(good.cookies)
    assert (again.status_code, news.status_code) == (302, 302)
    assert [mail.recipient for mail in mailbox()] == ["ana@acme.example"]
    assert OutgoingMail.objects.filter(failure="withheld").count() == 3


def test_without_javascript_a_person_signs_like_everybody(cast, mailbox):
    client = Client()

    answer = sign(mailbox, address="ana@acme.example", client=client, **form_of(client, seconds=1500))

    assert answer.headers["Location"] == "/letters/robots/signed/"


def test_a_mistake_in_a_field_spends_no_proof_and_keeps_the_forms_time(cast):
    client = Client()
    unseen = form_of(client, proved=True)

    refused = ask(client, email="no address", **unseen)

    assert refused.status_code == 422
    assert f'name="made" value="{unseen["made"]}"' in refused.content.decode()
    assert limits.effort(unseen, form=f"SignForm/{cast.letter.id}") is Effort.PROVED


def test_the_trap_is_out_of_the_way_of_eyes_ears_and_keys(cast, stranger):
    page = stranger.get("/letters/robots/sign/").content.decode()

    trap = re.search(r'<div class="visually-hidden" aria-hidden="true">.*?</div>', page, re.DOTALL)[0]
    assert 'name="homepage" tabindex="-1" autocomplete="off"' in trap
    assert "Leave this empty" in trap


# --- A code that was not asked for


def mailed_code(mailbox, *, address: str = "ana@acme.example") -> str:
    ask(Client(**at(len(address))), email=address)
    return code_of(mailbox(address)[-1].text)


def test_whoever_got_an_unwanted_code_stops_them_with_it_for_thirty_days(cast, mailbox, stranger):
    code = mailed_code(mailbox)

    answer = stranger.post("/codes/stop/", {"email": "ANA+x@acme.example", "code": code.lower()})
    page = stranger.get(answer.headers["Location"]).content.decode()
    again = [ask(Client(**at(n)), email="ana@acme.example", visibility="public", name="Ana") for n in range(2)]

    assert "No more codes" in page
    assert {one.headers["Location"] for one in again} == {"/letters/robots/code/"}
    assert len(mailbox()) == 1
    assert not OutgoingMail.objects.filter(state="waiting").exists()


def test_a_stop_ends_by_itself_and_leaves_no_address(cast, mailbox, stranger, empty_memory):
    stranger.post("/codes/stop/", {"email": "ana@acme.example", "code": mailed_code(mailbox)})

    [key] = empty_memory.keys("stopped:*")
    assert 29 * 86400 < empty_memory.ttl(key) <= 30 * 86400
    assert b"ana" not in key
    assert empty_memory.get(key) == b""
    assert asked(address="ana@beta.example")


def test_only_the_code_that_was_mailed_stops_them(cast, mailbox, stranger, empty_memory):
    code, other = mailed_code(mailbox), mailed_code(mailbox, address="benjamin@acme.example")

    answers = [
        stranger.post("/codes/stop/", {"email": email, "code": typed})
        for email, typed in [
            ("ana@acme.example", "AAAA AAAA"),
            ("ana@acme.example", other),
            ("nobody@acme.example", code),
            ("ana@acme.example", ""),
            ("no address", code),
        ]
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    wrong = {re.sub(r"csrf.*?>|value=\".*?\"", "", answer.content.decode()) for answer in answers[:3]}
    assert len(wrong) == 1
    assert not empty_memory.keys("stopped:*")


def test_guessing_codes_is_cut_short(cast, mailbox, stranger):
    code = mailed_code(mailbox)
    for number in range(10):
        Client(**at(number)).post("/codes/stop/", {"email": "ana@acme.example", "code": f"AAAA AAA{number % 8 + 2}"})

    late = Client(**at(77)).post("/codes/stop/", {"email": "ana@acme.example", "code": code})

    assert late.status_code == 422
    assert "Too many tries" in late.content.decode()


def test_stopping_signs_nothing_and_spoils_no_code_that_is_on_its_way(cast, mailbox, stranger):
    client = Client()
    ask(client, email="ana@acme.example")
    code = code_of(mailbox()[-1].text)
    stranger.post("/codes/stop/", {"email": "ana@acme.example", "code": code})

    assert client.post("/letters/robots/code/", {"code": code}).status_code == 302


def test_what_recognises_a_code_goes_with_it(cast, empty_memory):
    codes.ask(subject=cast.letter.id, secret=codes.new_secret(), address="ana@acme.example", wanted={}, withheld=False)

    [key] = empty_memory.keys("mailed:*")
    assert empty_memory.ttl(key) <= codes.LIFE
    assert not unwanted.stop(address="ana@acme.example", typed="AAAAAAAA", network="n")
