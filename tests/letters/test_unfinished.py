"""Who wanted to sign publicly and did not type the code is reminded once, a day later; nobody else ever is."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from accounts import sealing
from accounts.models import OutgoingMail
from accounts.shortlived import memory
from letters import publishing
from letters.models import EmployerDomain, PublicSignature, Waiting
from tests.cast import NOW, ask, code_of, sign

pytestmark = pytest.mark.django_db
PUBLIC = {"visibility": "public", "name": "Ben"}


def owed():
    return OutgoingMail.objects.filter(kind="unfinished", state="waiting")


def a_day_later() -> None:
    OutgoingMail.objects.filter(kind="unfinished").update(due_at=F("due_at") - timedelta(days=1))


def reminders(mailbox, address: str):
    return [mail for mail in mailbox(address) if mail.subject != "Your code"]


def test_a_public_signer_who_did_not_type_her_code_gets_one_mail_a_day_later(cast, mailbox):
    ask(Client(), email="ben@acme.example", **PUBLIC)
    at_once = reminders(mailbox, "ben@acme.example")
    a_day_later()

    assert not at_once
    assert len(reminders(mailbox, "ben@acme.example")) == 1


def test_the_mail_is_as_neutral_as_the_code(cast, mailbox, tmp_path):
    ask(Client(), email="ben@acme.example", role="Engineer", **PUBLIC)
    a_day_later()
    [mail] = reminders(mailbox, "ben@acme.example")

    words = (tmp_path / "mail" / f"{mail.name}.eml").read_text().lower().replace("ben@acme.example", "")
    for forbidden in (
        "robots",
        "acme",
        "sign",
        "petition",
        "letter",
        "campaign",
        "http",
        "html",
        "unsubscribe",
        "ben ",
    ):
        assert forbidden not in words, forbidden


def test_a_confidential_signer_gets_none(cast, mailbox):
    ask(Client(), email="ana@acme.example")

    assert not OutgoingMail.objects.filter(kind="unfinished").exists()


def test_whoever_completes_gets_none_in_any_browser(cast, mailbox):
    ask(Client(), email="ben@acme.example", **PUBLIC)
    ask(other := Client(), email="Ben+2@acme.example", **PUBLIC)
    code = code_of(mailbox("ben+2@acme.example")[-1].text)
    assert owed().count() == 1

    other.post("/letters/robots/code/", {"code": code})

    assert not owed().exists()
    cancelled = OutgoingMail.objects.get(kind="unfinished", failure="taken up again")
    assert (cancelled.state, cancelled.sealed) == ("cancelled", None)


@pytest.mark.parametrize("visibility", ["public", "confidential"])
def test_nor_whoever_completes_from_another_domain_of_her_employer(cast, mailbox, visibility):
    ask(Client(), email="ben@acme-alias.example", **PUBLIC)
    assert owed().count() == 1

    sign(mailbox, address="ben+x@acme.example", **{**PUBLIC, "visibility": visibility})

    assert not owed().exists()


def test_a_colleague_of_another_name_is_another_person(cast, mailbox):
    ask(Client(), email="ben@acme-alias.example", **PUBLIC)

    sign(mailbox, address="bea@acme.example", visibility="public", name="Bea")

    assert owed().count() == 1


def test_nor_whoever_asked_before_the_domain_was_her_employers(cast, mailbox):
    domains = EmployerDomain.objects.filter(domain="acme-alias.example")
    domain = domains.get()
    domains.delete()
    ask(Client(), email="ben@acme-alias.example", **PUBLIC)
    assert owed().count() == 1
    domain.save(force_insert=True)

    sign(mailbox, address="ben@acme-alias.example", **PUBLIC)

    assert not owed().exists()


def test_the_mail_stays_true_once_the_page_is_closed(cast, mailbox):
    ask(Client(), email="ben@acme.example", **PUBLIC)
    publishing.close_letter(letter_id=cast.letter.id, now=NOW)
    a_day_later()

    [mail] = reminders(mailbox, "ben@acme.example")

    assert "if it is still open" in mail.text
    assert "a day ago or more" in mail.text


def test_whoever_turns_to_signing_confidentially_gets_none(cast, mailbox):
    ask(Client(), email="ben@acme.example", **PUBLIC)

    ask(Client(), email="ben@acme.example")

    assert not owed().exists()


def test_nor_whoever_had_begun_confidentially_and_completes_that(cast, mailbox):
    ask(client := Client(), email="ben@acme.example")
    code = code_of(mailbox("ben@acme.example")[-1].text)
    ask(Client(), email="ben@acme.example", **PUBLIC)
    assert owed().count() == 1

    client.post("/letters/robots/code/", {"code": code})

    assert Waiting.objects.get().count == 1
    assert not owed().exists()


def test_asking_again_and_again_owes_one(cast, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 9
    for spelling in ("ben@acme.example", "BEN@acme.example", "ben+x@acme.example"):
        ask(Client(), email=spelling, **PUBLIC)

    assert owed().count() == 1
    withheld = OutgoingMail.objects.filter(kind="unfinished", failure="withheld", sealed__isnull=True)
    assert withheld.count() == 2, "what is not owed takes as long as what is"


def test_above_the_limit_none_is_owed(cast, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 1
    ask(Client(), email="ben@acme.example")
    ask(Client(), email="ben@acme.example", **PUBLIC)

    assert not owed().exists()


def test_after_midnight_the_mail_of_yesterday_is_still_found(cast, mailbox, settings):
    ask(client := Client(), email="ben@acme.example", **PUBLIC)
    code = code_of(mailbox("ben@acme.example")[-1].text)
    # The key that it was named and sealed under becomes yesterday's.
    name, key = sealing.days_key()
    prefix, _, slot = name.rpartition(":")
    memory().set(f"{prefix}:{int(slot) - 1}", key, ex=86400)
    memory().delete(name)

    client.post("/letters/robots/code/", {"code": code})

    assert not owed().exists()


def test_once_the_key_is_gone_nobody_can_open_the_mail_and_it_is_not_sent(cast, mailbox):
    ask(Client(), email="ben@acme.example", **PUBLIC)
    row = OutgoingMail.objects.get(kind="unfinished")
    assert row.sealing_key.startswith("days:")
    assert memory().ttl(row.sealing_key) <= 3 * 86400
    memory().delete(row.sealing_key)
    a_day_later()

    assert not reminders(mailbox, "ben@acme.example")
    assert OutgoingMail.objects.get(kind="unfinished").state == "cancelled"


def test_the_key_of_the_row_says_nothing_without_the_key_of_days(cast, mailbox):
    ask(Client(), email="ben@acme.example", **PUBLIC)
    first = OutgoingMail.objects.get(kind="unfinished").key
    OutgoingMail.objects.all().delete()
    memory().flushdb()

    ask(Client(), email="ben@acme.example", **PUBLIC)

    assert OutgoingMail.objects.get(kind="unfinished").key != first


def test_a_signature_and_its_news_come_as_before(cast, mailbox):
    sign(mailbox, address="ben@acme.example", **PUBLIC)

    assert PublicSignature.objects.count() == 1
    a_day_later()
    assert not reminders(mailbox, "ben@acme.example")


@pytest.mark.django_db(transaction=True)
def test_no_hidden_mark_joins_a_mailbox_with_a_confidential_signature(cast, mailbox):
    from django.db import connection

    ask(client := Client(), email="ben@acme.example")
    code = code_of(mailbox("ben@acme.example")[-1].text)
    ask(Client(), email="ben@acme.example", **PUBLIC)
    client.post("/letters/robots/code/", {"code": code})

    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM accounts_outgoingmail WHERE kind = 'unfinished'")
        [(mail,)] = cursor.fetchall()
        cursor.execute("SELECT xmin::text FROM letters_tag UNION SELECT xmin::text FROM letters_waiting")
        signature = {row[0] for row in cursor.fetchall()}
    assert mail not in signature
    publishing.close_letter(letter_id=cast.letter.id, now=NOW)
