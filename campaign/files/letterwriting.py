"""Letters of a campaign file: drafts follow the file; what was open for signing never changes."""

from datetime import datetime

from django.utils.translation import gettext as _

from campaign import organising
from campaign.files.reading import Row
from campaign.files.work import Work, plain
from campaign.models import CampaignLetter
from campaign.reminders import planning
from letters import publishing, queries
from letters.queries import LetterFacts


def write(work: Work, rows: list[Row]) -> None:
    """Make or change the letters, and plan their reminders. Call it when everything else is written."""
    known = {row.key: row for row in work.campaign.campaign_letters.all()}
    facts = {letter.id: letter for letter in queries.letters(row.letter_id for row in known.values())}
    for row in rows:
        old = known.get(row["key"])
        try:
            if old is None:
                _make(work, row)
            else:
                _bring_in_line(work, row, old, facts[old.letter_id])
        except publishing.SlugTaken:
            work.faults.add(
                row["slug"].line, _('the address "%(slug)s" belongs to another letter.') % {"slug": row["slug"]}
            )
        except publishing.NotPossible as error:
            work.faults.add(row.line, str(error))
    work.note_others("letters", known, rows)


def _make(work: Work, row: Row) -> None:
    letter_id = publishing.draft(
        directory_id=work.campaign.directory_id,
        slug=str(row["slug"]),
        title=str(row["title"]),
        body=str(row["body"]),
        now=work.opened_at,
        is_example=row["is_example"],
        language=str(row["language"]),
    )
    made = CampaignLetter.objects.create(campaign=work.campaign, letter_id=letter_id, key=str(row["key"]))
    work.made.append(_("letters: %(key)s") % {"key": row["key"]})
    _open(work, row, made)
    if row["state"] == "closed":
        publishing.close_letter(letter_id=letter_id, now=work.now)
    _ask_reply_by(work, row, made)


def _bring_in_line(work: Work, row: Row, old: CampaignLetter, facts: LetterFacts) -> None:
    for name, standing in (("slug", facts.slug), ("is_example", facts.is_example)):
        if row[name] != standing:
            work.faults.add(
                row.line_of(name),
                _('the letter "%(key)s" has been made, so its %(name)s cannot change any more.')
                % {"key": row["key"], "name": name},
            )
    if facts.is_draft:
        _redraft(work, row, facts)
        if row["state"] == "closed":
            work.faults.add(row.line_of("state"), _("an import does not close a letter; a person does, on its page."))
        if _open(work, row, old):
            work.changed.append(_("letters: %(key)s, opened") % {"key": row["key"]})
    else:
        _check_unchanged(work, row, facts)
    if _ask_reply_by(work, row, old):
        work.changed.append(_("letters: %(key)s, reply_by") % {"key": row["key"]})


def _redraft(work: Work, row: Row, facts: LetterFacts) -> None:
    if (facts.title, facts.body, facts.language) == (row["title"], row["body"], row["language"]):
        return
    publishing.redraft(
        letter_id=facts.id,
        title=str(row["title"]),
        body=str(row["body"]),
        language=str(row["language"]),
        seen_at=facts.drafted_at,
        now=work.now,
    )
    work.changed.append(_("letters: %(key)s") % {"key": row["key"]})


def _open(work: Work, row: Row, campaign_letter: CampaignLetter) -> bool:
    """Open the letter when the file says so, with the campaign's demands and addressees unless it gives its own."""
    if row["state"] == "draft":
        return False
    demands = plain(row["demands"]) or [demand.text for demand in work.campaign.demands.order_by("number")]
    addressees = plain(row["addressees"]) or organising.addressee_lines(work.campaign)
    publishing.open_letter(
        letter_id=campaign_letter.letter_id, demands=demands, addressees=addressees, now=work.opened_at
    )
    planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=work.now)
    return True


def _check_unchanged(work: Work, row: Row, facts: LetterFacts) -> None:
    """Refuse another text for a letter that people sign, or have signed."""
    text = publishing.Text(
        title=row["title"],
        body=row["body"],
        demands=list(facts.demands) if row["demands"] is None else row["demands"],
        addressees=list(facts.addressees) if row["addressees"] is None else row["addressees"],
        language=row["language"],
    )
    if text.sha256() != facts.sha256:
        work.faults.add(
            row.line,
            _('the letter "%(key)s" has opened, and people sign its text as it stands: it cannot change any more.')
            % {"key": row["key"]},
        )
    elif row["state"] == "closed" and facts.is_open:
        work.faults.add(row.line_of("state"), _("an import does not close a letter; a person does, on its page."))
    elif row["state"] != facts.state:
        work.left_alone.append(
            _("letters: %(key)s is %(state)s and stays so.") % {"key": row["key"], "state": facts.state}
        )


def _ask_reply_by(work: Work, row: Row, campaign_letter: CampaignLetter) -> bool:
    """Set the date until which an answer is asked for, and plan its reminder; no date in the file takes none away."""
    reply_by: datetime | None = row["reply_by"]
    if reply_by == campaign_letter.reply_by:
        return False
    if reply_by is None:
        work.left_alone.append(_("letters: the reply_by of %(key)s is not in the file.") % {"key": row["key"]})
        return False
    CampaignLetter.objects.filter(pk=campaign_letter.pk).update(reply_by=reply_by)
    planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=work.now)
    return True
