"""What becomes of a letter that is closed: it is handed over, and at the end somebody says how it went."""

import hashlib
import logging
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import always_english
from campaign import audit, editions, news, organising
from campaign.models import Audited, CampaignLetter, Delivery, Outcome
from campaign.organising import NotPossible
from campaign.reminders import planning
from letters import freshness, people, queries

log = logging.getLogger(__name__)
_MOST_TRIES = 3


def deliver(
    *,
    campaign_letter: CampaignLetter,
    how: str,
    to_whom: str,
    delivered_on: date,
    reply_by: datetime | None,
    by: User,
    now: datetime,
) -> Delivery:
    """Put on record that the closed letter was handed over, and until when an answer is asked for. Raises NotPossible.

    What its signers are shown of it, and its edition on paper, have the numbers of this moment.
    """
    [letter] = queries.letters([campaign_letter.letter_id])
    if not letter.is_closed or letter.closed_at is None or letter.version_id is None:
        raise NotPossible(
            _("Close the letter first: then names and numbers stand still, and what you hand over stays true.")
        )
    if delivered_on > timezone.localdate(now):
        raise NotPossible(_("This day is still to come. Record the delivery once it has happened."), field="day")
    if letter.opened_at and delivered_on < timezone.localdate(letter.opened_at):
        raise NotPossible(_("The letter was not open yet on this day. Check the date."), field="day")
    numbers = queries.numbers(letter.id)
    try:
        with transaction.atomic():
            campaign = planning.hold_still(pk=campaign_letter.campaign_id)
            if reply_by is not None:
                organising.ask_reply_by(campaign_letter=campaign_letter, reply_by=reply_by, by=by, now=now)
            delivery = Delivery.objects.create(
                campaign_letter=campaign_letter,
                version_id=letter.version_id,
                delivered_on=delivered_on,
                how=how,
                to_whom=to_whom,
                public=numbers.public,
                confidential=numbers.confidential,
                names=people.count(letter.id, edition=letter.edition),
                organisations=letter.organisations,
                recorded_by=by,
                recorded_at=now,
            )
            audit.note(campaign=campaign, by=by, what=Audited.DELIVERED, about=f"{to_whom}: {how}", now=now)
            news.told_of_letter(
                campaign_letter=campaign_letter,
                what=_handed_over(to_whom, numbers.total),
                now=now,
            )
            planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=now, afresh=reply_by is not None)
            freshness.changed()
    except IntegrityError as error:
        raise NotPossible(_("This delivery is on record already."), field="to_whom") from error
    return delivery


@always_english
def _handed_over(to_whom: str, total: int) -> str:
    return _("It was handed to %(whom)s, with %(count)s signatures.") % {"whom": to_whom[:200], "count": f"{total:,}"}


@always_english
def _english(outcome: Outcome) -> str:
    """An outcome as the log and followers read it."""
    return str(outcome.label)


def say_outcome(*, campaign_letter: CampaignLetter, outcome: Outcome, statement: str, by: User, now: datetime) -> None:
    """Say how it ended, in the team's words, so that the page does not just go stale. Raises NotPossible.

    It may be said again in other words; each time stands on the log, and followers are told once of each outcome.
    """
    with transaction.atomic():
        campaign = planning.hold_still(pk=campaign_letter.campaign_id)
        [letter] = queries.letters([campaign_letter.letter_id])
        if not letter.is_closed:
            raise NotPossible(_("Close the letter first. While people can sign it, it has not ended."))
        was = CampaignLetter.objects.values_list("outcome", flat=True).get(pk=campaign_letter.pk)
        CampaignLetter.objects.filter(pk=campaign_letter.pk).update(
            outcome=outcome, outcome_statement=statement, outcome_at=now
        )
        audit.note(
            campaign=campaign, by=by, what=Audited.OUTCOME_SAID, about=_english(outcome), reason=statement, now=now
        )
        if was != outcome:
            said = " ".join(f"{_english(outcome)}: {statement}".split())
            news.told_of_letter(
                campaign_letter=campaign_letter, what=said if len(said) <= 300 else f"{said[:299]}…", now=now
            )
        freshness.changed()


def make_editions() -> int:
    """Make the editions on paper that are missing; answers how many. One that cannot be made stops no other."""
    made = 0
    waiting = Delivery.objects.filter(pdf_sha256="", tries__lt=_MOST_TRIES)
    for delivery_id in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            delivery = rows.filter(pk=delivery_id, pdf_sha256="", tries__lt=_MOST_TRIES).first()
            if delivery is None:
                continue
            # Counted before it is tried, outside of what fails: a text that kills its worker is not tried for ever.
            Delivery.objects.filter(pk=delivery_id).update(tries=F("tries") + 1)
        try:
            made += _make(delivery)
        except Exception:
            log.exception("the edition of delivery %s could not be made", delivery_id)
    return made


def _make(delivery: Delivery) -> bool:
    name = hashlib.sha256()
    for line in editions.lines(delivery):
        name.update(line.encode())
    pdf = editions.on_paper(delivery, text_sha256=name.hexdigest())
    done = Delivery.objects.filter(pk=delivery.pk, pdf_sha256="").update(
        pdf=pdf, pdf_sha256=hashlib.sha256(pdf).hexdigest(), text_sha256=name.hexdigest()
    )
    freshness.changed()
    return bool(done)


def forget_editions() -> int:
    """Throw editions on paper away that have a name which is gone from the list since; their SHA-256 stays."""
    gone = 0
    for delivery in Delivery.objects.filter(pdf__isnull=False).defer("pdf"):
        if not editions.is_as_delivered(delivery):
            gone += Delivery.objects.filter(pk=delivery.pk).update(pdf=None)
    return gone
