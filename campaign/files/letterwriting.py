"""Letters of a campaign file: drafts follow the file; what was open for signing never changes."""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from campaign import organising
from campaign.files import signerwriting
from campaign.files.reading import Row
from campaign.files.work import Work, plain
from campaign.models import CampaignLetter
from campaign.reminders import planning
from letters import canonical, publishing, queries
from letters.queries import LetterFacts


def write(work: Work, rows: list[Row]) -> None:
    """Make or change the letters, and plan their reminders. Call it when everything else is written."""
    known = {row.key: row for row in work.campaign.campaign_letters.all()}
    facts = {letter.id: letter for letter in queries.letters(row.letter_id for row in known.values())}
    for row in rows:
        work.step()
        old = known.get(row["key"])
        try:
            if old is None:
                _make(work, row) if work.by is None else _add(work, row)
            elif work.by is not None:
                work.left_alone.append(_("letters: %(key)s is here; it is changed on its page.") % {"key": row["key"]})
            else:
                _bring_in_line(work, row, old, facts[old.letter_id])
        except publishing.SlugTaken:
            work.faults.add(
                row["slug"].line, _('the address "%(slug)s" belongs to another letter.') % {"slug": row["slug"]}
            )
        except (publishing.NotPossible, organising.NotPossible) as error:
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
    _translate(work, row, letter_id)
    work.made.append(_("letters: %(key)s") % {"key": row["key"]})
    signerwriting.admit(work, row, made)
    signerwriting.set_goal(work, row, made)
    _open(work, row, made)
    signerwriting.plan_opening(work, row, made)
    if row["state"] == "closed":
        publishing.close_letter(letter_id=letter_id, now=work.now)
    _ask_reply_by(work, row, made)


def _add(work: Work, row: Row) -> None:
    """A member's new draft. What its team decides on its page, such as opening it, is left to that."""
    made = organising.write_letter(
        campaign=work.campaign, title=str(row["title"]), slug=str(row["slug"]), body=str(row["body"]),
        language=str(row["language"]), key=str(row["key"]), by=work.by, now=work.now,
    )  # fmt: skip
    _translate(work, row, made.letter_id)
    work.made.append(_("letters: %(key)s") % {"key": row["key"]})
    signerwriting.set_goal(work, row, made)
    if row["reply_by"] is not None and row["reply_by"] > work.now:
        _ask_reply_by(work, row, made)
    left = [name for name in ("is_example", "opens_at", "signers") if row[name]]
    if row["state"] != "draft" or left:
        work.left_alone.append(
            _("letters: %(key)s comes in as a draft; whether it opens, and for whom, is decided on its page.")
            % {"key": row["key"]}
        )


def _bring_in_line(work: Work, row: Row, old: CampaignLetter, facts: LetterFacts) -> None:
    for name, standing in (("slug", facts.slug), ("is_example", facts.is_example)):
        if row[name] != standing:
            work.faults.add(
                row.line_of(name),
                _('the letter "%(key)s" has been made, so its %(name)s cannot change any more.')
                % {"key": row["key"], "name": name},
            )
    signerwriting.admit(work, row, old)
    signerwriting.set_goal(work, row, old)
    if facts.is_draft:
        _redraft(work, row, facts)
        if row["state"] == "closed":
            work.faults.add(row.line_of("state"), _("an import does not close a letter; a person does, on its page."))
        if _open(work, row, old):
            work.changed.append(_("letters: %(key)s, opened") % {"key": row["key"]})
        signerwriting.plan_opening(work, row, old)
    else:
        _check_unchanged(work, row, facts)
    if _ask_reply_by(work, row, old):
        work.changed.append(_("letters: %(key)s, reply_by") % {"key": row["key"]})


def _redraft(work: Work, row: Row, facts: LetterFacts) -> None:
    changed = (facts.title, facts.body, facts.language) != (row["title"], row["body"], row["language"])
    if changed:
        publishing.change_language(letter_id=facts.id, language=str(row["language"]))
        publishing.redraft(
            letter_id=facts.id,
            title=str(row["title"]),
            body=str(row["body"]),
            seen_revision=facts.revision,
            now=work.now,
        )
    if _translate(work, row, facts.id) or changed:
        work.changed.append(_("letters: %(key)s") % {"key": row["key"]})


def _translate(work: Work, row: Row, letter_id: uuid.UUID) -> bool:
    """Bring the draft's translations in line with the file; those that it does not have are left alone."""
    demands = plain(row["demands"]) or [demand.text for demand in work.campaign.demands.order_by("number")]
    drafts = publishing.drafts(letter_id=letter_id, demands=demands)
    there = {one.language: one for one in drafts if not one.is_original}
    follows = canonical.original_sha256(
        title=row["title"], body=row["body"], demands=demands, language=str(row["language"])
    )
    changed = False
    for one in row["translations"]:
        language, old = str(one["language"]), there.get(str(one["language"]))
        words: dict[str, Any] = {
            "title": str(one["title"]),
            "body": str(one["body"]),
            "demands": plain(one["demands"]) or [],
            "follows": "" if one["behind"] else follows,
        }
        if old is None:
            publishing.add_translation(letter_id=letter_id, language=language, now=work.now, **words)
        elif (old.title, old.body, list(old.demands), old.behind) == (*list(words.values())[:3], one["behind"]):
            continue
        else:
            publishing.redraft(
                letter_id=letter_id, language=language, seen_revision=old.revision, now=work.now, **words
            )
        changed = True
    for language in set(there) - {str(one["language"]) for one in row["translations"]}:
        work.left_alone.append(
            _("letters: the translation of %(key)s into %(language)s is not in the file.")
            % {"key": row["key"], "language": language}
        )
    return changed


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
        translations=[
            publishing.Translation(
                language=str(one["language"]),
                title=one["title"],
                body=one["body"],
                demands=one["demands"] or row["demands"] or list(facts.demands),
            )
            for one in row["translations"]
        ],
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
