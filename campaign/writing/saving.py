"""Saving a letter's text. Every save is a row; the draft moves only for whoever saw it as it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from campaign.models import CampaignLetter, SavedText
from campaign.reminders import planning
from campaign.writing import NotPossible
from letters import differences, publishing, text_rules

KEPT_DAYS = 30
_TITLE = 200


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text in one language as somebody wrote it; a translation may have the demands in its own words."""

    title: str
    body: str
    demands: tuple[str, ...] = ()

    @classmethod
    def typed(cls, *, title: str, body: str, demands: str = "") -> "Words":
        """What a browser sent: one kind of line end, and nothing that the database cannot hold."""
        body = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        lines = (" ".join(line.split()) for line in demands.replace("\0", "\ufffd").splitlines())
        return cls(
            title=" ".join(title.replace("\0", "\ufffd").split()),
            body=body,
            demands=tuple(line for line in lines if line),
        )

    @classmethod
    def of(cls, row: "SavedText | publishing.Saved") -> "Words":
        """The words of a save or a draft."""
        return cls(title=row.title, body=row.body, demands=tuple(row.demands))


class MovedOn(NotPossible):
    """Somebody saved since. What was written is kept; `merged` is both, where nobody changed the same words."""

    def __init__(self, *, theirs: publishing.Saved, merged: Words | None, who: str) -> None:
        if merged is None:
            said = _(
                "%(name)s saved while you were writing, and you both changed the same words. Both texts are below."
            )
        else:
            said = _("%(name)s saved while you were writing. Below is what both of you wrote. Read it, then save.")
        super().__init__(said % {"name": who or _("Somebody")})
        self.theirs, self.merged = theirs, merged


def save(
    *,
    campaign_letter: CampaignLetter,
    language: str,
    words: Words,
    began_from: int,
    by: User,
    now: datetime,
    follows: str | None = None,
    accepted_by: User | None = None,
) -> int:
    """Make this the draft; answers its revision. Raises MovedOn, and NotPossible. What was written is kept either way.

    A translation that is brought up to date says which words of the original it `follows` now.
    """
    kept = keep(
        campaign_letter=campaign_letter,
        language=language,
        words=words,
        began_from=began_from,
        by=by,
        now=now,
        accepted_by=accepted_by,
    )
    if kept.revision is not None:
        return kept.revision  # a form that was sent twice
    _check(words)
    try:
        with transaction.atomic():
            planning.hold_still(pk=campaign_letter.campaign_id)
            standing = draft(campaign_letter, language)
            remember(campaign_letter, standing)
            if standing.revision == began_from and Words.of(standing) == words and follows in {None, standing.follows}:
                return standing.revision
            revision = publishing.redraft(
                letter_id=campaign_letter.letter_id,
                language=language,
                title=words.title,
                body=words.body,
                demands=list(words.demands),
                follows=follows,
                seen_revision=began_from,
                now=now,
            )
            SavedText.objects.filter(pk=kept.pk, revision=None).update(revision=revision)
            planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=now)
            return revision
    except publishing.MovedOn as error:
        return _settle(campaign_letter, language, kept, error)
    except publishing.NotPossible as error:
        raise NotPossible(str(error)) from error


def keep(
    *,
    campaign_letter: CampaignLetter,
    language: str,
    words: Words,
    began_from: int,
    by: User,
    now: datetime,
    accepted_by: User | None = None,
) -> SavedText:
    """Keep what somebody has written so far, without touching the draft. The same again is kept once."""
    last = (
        SavedText.objects.filter(campaign_letter=campaign_letter, language=language, author=by).order_by("-pk").first()
    )
    acceptor = accepted_by.pk if accepted_by else None
    if last and (Words.of(last), last.began_from, last.accepted_by_id) == (words, began_from, acceptor):
        return last
    return SavedText.objects.create(
        campaign_letter=campaign_letter,
        language=language,
        author=by,
        accepted_by=accepted_by,
        began_from=began_from,
        title=words.title,
        body=words.body,
        demands=list(words.demands),
        saved_at=now,
    )


def restore(*, campaign_letter: CampaignLetter, saved: SavedText, by: User, now: datetime) -> int:
    """Make an earlier save the draft again, as a save of its own. Raises NotPossible."""
    standing = draft(campaign_letter, saved.language)
    return save(
        campaign_letter=campaign_letter,
        language=saved.language,
        words=Words.of(saved),
        began_from=standing.revision,
        by=by,
        now=now,
    )


def draft(campaign_letter: CampaignLetter, language: str = "") -> publishing.Saved:
    """The text in one language, or the original, as it stands. Raises NotPossible where there is none."""
    demands = [demand.text for demand in campaign_letter.campaign.demands.order_by("number")]
    for one in publishing.drafts(letter_id=campaign_letter.letter_id, demands=demands):
        if language in {one.language, ""}:
            return one
    raise NotPossible(_("This letter has no text in that language. Add the translation first."))


def begin(
    *, campaign_letter: CampaignLetter, words: Words, by: User | None, now: datetime, language: str = "en"
) -> None:
    """Keep the words that a new letter begins with."""
    SavedText.objects.create(
        campaign_letter=campaign_letter,
        language=language,
        author=by,
        began_from=0,
        revision=1,
        title=words.title,
        body=words.body,
        saved_at=now,
    )


def remember(campaign_letter: CampaignLetter, standing: publishing.Saved, *, author: User | None = None) -> None:
    """Keep the draft as it stands, where it came another way: from a new letter, a file or a translation."""
    row = SavedText(
        campaign_letter=campaign_letter,
        language=standing.language,
        author=author,
        began_from=standing.revision - 1,
        revision=standing.revision,
        title=standing.title,
        body=standing.body,
        demands=list(standing.demands),
        saved_at=standing.saved_at,
    )
    SavedText.objects.bulk_create([row], ignore_conflicts=True)


def forget_kept(*, now: datetime) -> int:
    """Forget what was kept a month ago while somebody wrote and who kept something else later; answers how much.

    What was a draft once, and the last that each writer kept, stays.
    """
    later = SavedText.objects.filter(
        campaign_letter=OuterRef("campaign_letter"),
        language=OuterRef("language"),
        author=OuterRef("author"),
        began_from=OuterRef("began_from"),
        pk__gt=OuterRef("pk"),
    )
    old = SavedText.objects.filter(revision=None, saved_at__lt=now - timedelta(days=KEPT_DAYS))
    gone, _rows = old.filter(Exists(later)).delete()
    return gone


def _check(words: Words) -> None:
    """Whether this may be a draft. Raises NotPossible with the field."""
    if not words.title.strip():
        raise NotPossible(_("Give the letter a title."), field="title")
    if len(words.title) > _TITLE:
        raise NotPossible(
            _("The title has %(count)s characters, and may have %(most)s. Shorten it.")
            % {"count": len(words.title), "most": _TITLE},
            field="title",
        )
    for field, found in (
        ("title", text_rules.hidden(words.title)),
        ("body", text_rules.problems(words.body)),
        ("demands", text_rules.hidden("\n".join(words.demands))),
    ):
        if found:
            raise NotPossible(" ".join(found), field=field)


def _settle(campaign_letter: CampaignLetter, language: str, kept: SavedText, error: Exception) -> int:
    """Somebody was quicker: with the same words, and all is well, or with others. Raises MovedOn."""
    rows = SavedText.objects.filter(campaign_letter=campaign_letter, language=language)
    theirs, mine = draft(campaign_letter, language), Words.of(kept)
    if Words.of(theirs) == mine:
        return theirs.revision
    base = rows.filter(revision=kept.began_from).first()
    theirs_row = rows.filter(revision=theirs.revision).select_related("author").first()
    both = _merged(Words.of(base), mine, Words.of(theirs)) if base else None
    who = str(theirs_row.author or "") if theirs_row else ""
    if theirs_row and theirs_row.author_id == kept.author_id:
        who = _("You, in another window,")
    raise MovedOn(theirs=theirs, merged=both, who=who) from error


def _merged(base: Words, mine: Words, theirs: Words) -> Words | None:
    title = differences.merged(base=base.title, mine=mine.title, theirs=theirs.title)
    body = differences.merged(base=base.body, mine=mine.body, theirs=theirs.body)
    demands = differences.merged(
        base="\n".join(base.demands), mine="\n".join(mine.demands), theirs="\n".join(theirs.demands)
    )
    if title is None or body is None or demands is None:
        return None
    return Words.typed(title=title, body=body, demands=demands)
