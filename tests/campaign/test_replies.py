"""An office answers or disputes once, readers report errors, two members decide, and the outcome is public."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts import links
from campaign import disputes, organising, record, replies, reply_queries
from campaign.models import Attachment, AuditEntry, Entry, Executive, Outreach, Reminder, ReplyAddress, Said, Submission
from campaign.replies import Objection, Reply
from tests.campaign.reminders.story import YESTERDAY, let_go
from tests.campaign.test_outreach import ask
from tests.campaign.test_record import say
from tests.cast import NOW, browser_of
from tests.people import plain

pytestmark = pytest.mark.django_db
DESK = "/organise/campaigns/robots/"


@pytest.fixture
def ada(cast) -> Executive:
    Executive.objects.filter(pk=cast.ada.pk).update(office_address="office@acme.example")
    return Executive.objects.select_related("campaign", "employer").get(pk=cast.ada.pk)


@pytest.fixture
def said(cast) -> Entry:
    """Something of Ada's office that is public."""
    entry = say(cast, bearings={cast.act.pk: Said.REFUSED})
    record.check(entry=entry, by=cast.oskar, now=NOW)
    return entry


def made(cast, ada, *, now=None, days: int = 60) -> ReplyAddress:
    return replies.make_address(
        executive=ada, campaign_letter=cast.campaign_letter, by=cast.carla, now=now or timezone.now(), days=days
    )


def at(address: ReplyAddress) -> str:
    return f"/reply/{replies.token_of(address)}/"


def form(**typed):
    return {"answer": "", "signed_as": "Jo Doe, spokesperson", "speaks": "on", **typed}


def submitted(cast, ada, *, entry=None, answer="") -> Submission:
    objections = {entry.pk: Objection("We never said that.", "Our log")} if entry else {}
    reply = Reply(signed_as="Jo Doe", answer=answer, objections=objections)
    replies.submit(address=made(cast, ada), reply=reply, now=timezone.now())
    return Submission.objects.latest("received_at")


def open_ends(cast) -> int:
    """How much waits to be decided or confirmed."""
    queue = reply_queries.queue(cast.campaign, user=cast.carla, now=NOW)
    return len(queue.to_decide) + len(queue.to_confirm)


def decided(cast, one: Submission, outcome="accepted", reason="The recording shows it.", result=None) -> Submission:
    disputes.decide(
        submission=one, outcome=Submission.Outcome(outcome), reason=reason, result=result, by=cast.oskar, now=NOW
    )
    one.refresh_from_db()
    return one


class TestAnAddress:
    def test_it_works_once_however_often_it_is_opened(self, cast, ada, stranger):
        address = at(made(cast, ada))
        for _ in range(3):
            assert stranger.get(address).status_code == 200

        first = stranger.post(address, form(answer="Robots stop tonight."))
        second = stranger.post(address, form(answer="Or not."))

        assert (first.status_code, second.status_code) == (302, 200)
        assert "Your reply has arrived" in second.content.decode()
        assert Submission.objects.get().words == "Robots stop tonight."

    def test_it_expires(self, cast, ada, stranger):
        long_ago = timezone.now() - timedelta(days=61)
        address = at(made(cast, ada, now=long_ago))

        opened, sent = stranger.get(address), stranger.post(address, form(answer="Late"))

        assert (opened.status_code, sent.status_code) == (410, 410)
        assert "This address has expired" in opened.content.decode()
        assert not Submission.objects.exists()

    def test_it_can_be_revoked(self, cast, ada, stranger):
        one = made(cast, ada)
        browser_of(cast.carla).post(f"{DESK}replies/addresses/", {"revoke": str(one.pk)})

        assert stranger.post(at(one), form(answer="x")).status_code == 410
        with pytest.raises(replies.NotPossible, match="used or revoked"):
            replies.revoke(address=one, by=cast.carla, now=NOW)

    def test_it_cannot_be_guessed_or_made_of_another_link(self, cast, ada, stranger):
        one = made(cast, ada)
        token = replies.token_of(one)
        forged = [
            one.pk.hex, str(one.pk), token[:-1] + ("A" if token[-1] != "A" else "B"), token.partition(":")[0], "x",
            links.make(purpose="reminders", id=one.pk.hex), links.make(purpose="reply", id="rubbish"),
            links.make(purpose="reply", id="0" * 32), links.make(purpose="reply"),
        ]  # fmt: skip

        assert [stranger.get(f"/reply/{guess}/").status_code for guess in forged] == [404] * len(forged)

    def test_there_is_one_live_for_an_office_and_letter(self, cast, ada):
        assert made(cast, ada) == made(cast, ada)
        with pytest.raises(IntegrityError, match="reply_address_one_live"), transaction.atomic():
            ReplyAddress.objects.create(
                executive=ada, campaign_letter=cast.campaign_letter, made_at=NOW, expires_at=NOW + timedelta(days=9)
            )

    def test_one_that_is_about_to_expire_gives_way(self, cast, ada):
        old = made(cast, ada, now=timezone.now() - timedelta(days=55))

        assert made(cast, ada) != old
        old.refresh_from_db()
        assert old.revoked_at is not None

    def test_a_draft_is_neither_answered_nor_read_through_it(self, cast, ada, stranger):
        hidden = organising.write_letter(campaign=cast.campaign, title="Hidden plan", slug="plan", body="x", now=NOW)
        with pytest.raises(replies.NotPossible, match="has not opened"):
            replies.make_address(executive=ada, campaign_letter=hidden, by=cast.carla, now=NOW)
        waiting = say(cast)

        page = stranger.get(at(made(cast, ada))).content.decode()

        assert "Hidden plan" not in page
        assert waiting.quote not in page

    def test_it_rides_on_a_released_question_and_acts_by_post_alone(self, cast, ada, mailbox, stranger):
        ask(cast, ada, mailbox)
        [mail] = mailbox("office@acme.example")
        [path] = re.findall(r"http://\S+?(/reply/\S+/)", mail.text)

        assert stranger.get(path).status_code == 200
        one = ReplyAddress.objects.get()
        assert (one.by_mail, one.used_at) == (True, None)

    def test_a_draft_of_a_question_makes_none(self, cast, ada):
        browser_of(cast.carla).post(f"{DESK}outreach/{ada.pk}/", {"subject": "S", "body": "B"})
        page = browser_of(cast.carla).get(f"{DESK}outreach/{ada.pk}/").content.decode()

        assert "an address for this office alone" in plain(page)
        assert not ReplyAddress.objects.exists()
        assert Outreach.objects.exists()


class TestSending:
    def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(self, cast, ada, said, stranger):
        address = made(cast, ada)

        answer = stranger.post(at(address), {f"source_{said.pk.hex}": "Our log", "answer": ""})

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"signed_as", "speaks", f"words_{said.pk.hex}"}
        assert "Our log" in answer.content.decode()
        address.refresh_from_db()
        assert address.used_at is None

    def test_an_answer_and_several_disputes_come_in_one_reply(self, cast, ada, said, stranger):
        words = {f"words_{said.pk.hex}": "Not our words.", f"source_{said.pk.hex}": "Our log"}

        stranger.post(at(made(cast, ada)), form(answer="We will.", **words))

        assert set(Submission.objects.values_list("kind", "entry", "words")) == {
            ("answer", None, "We will."), ("dispute", said.pk, "Not our words."),
        }  # fmt: skip

    def test_an_entry_of_somebody_else_is_not_disputed_through_it(self, cast, ada, said, stranger):
        bos = say(cast)
        bos.executives.set([cast.bo])
        record.check(entry=bos, by=cast.oskar, now=NOW)

        refused = stranger.post(at(made(cast, ada)), form(**{f"words_{bos.pk.hex}": "x"}))

        assert refused.status_code == 422
        for pk in (bos.pk, say(cast).pk):
            with pytest.raises(replies.NotPossible, match="taken off the record"):
                replies.submit(
                    address=made(cast, ada), reply=Reply(signed_as="J", objections={pk: Objection("x")}),
                    now=timezone.now(),
                )  # fmt: skip
        assert not Submission.objects.exists()

    def test_a_program_that_fills_in_everything_uses_nothing_up(self, cast, ada, stranger):
        address = made(cast, ada)

        assert stranger.post(at(address), form(answer="spam", homepage="https://x.example")).status_code == 422
        assert replies.is_live(ReplyAddress.objects.get(), now=timezone.now())


def picture(shape: str, **how) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kanarie Camera"
    Image.new("RGB", (40, 30), "navy").save(out, shape, exif=exif, **how)
    return out.getvalue()


class TestFiles:
    def sent(self, cast, ada, name: str, content: bytes):
        return Client().post(at(made(cast, ada)), form(answer="See.", documents=SimpleUploadedFile(name, content)))

    @pytest.mark.parametrize(("shape", "ending"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
    def test_a_picture_loses_what_it_betrays_and_is_for_the_team_alone(self, cast, ada, shape, ending):
        original = picture(shape)
        assert b"Kanarie" in original

        self.sent(cast, ada, "../../evil.html", original)

        one = Attachment.objects.get()
        address = f"{DESK}replies/files/{one.pk}/"
        answer = browser_of(cast.vera).get(address)
        assert one.name == f"evil{ending}"
        assert b"Kanarie" not in answer.content
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert browser_of(cast.mallory).get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert browser_of(cast.mallory).get(f"/organise/campaigns/elsewhere/replies/files/{one.pk}/").status_code == 404

    def test_a_pdf_stays_as_it_is(self, cast, ada):
        self.sent(cast, ada, "answer.pdf", b"%PDF-1.7 words")

        assert Attachment.objects.get().size == 14

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"<html><script>alert(1)</script>", "no PDF and no PNG"),
            (b"\x89PNG\r\n\x1a\nnot really", "cannot be read"),
            (b"GIF89a", "no PDF and no PNG"),
        ],
    )
    def test_what_is_not_what_it_says_is_refused_at_the_field(self, cast, ada, content, says, settings):
        answer = self.sent(cast, ada, "scan.png", content)

        assert answer.status_code == 422
        assert says in answer.context["form"].errors["documents"][0]
        assert "See." in answer.content.decode()
        assert not settings.UPLOADS_DIR.exists()

    def test_40_megabytes_are_thrown_away_and_the_words_stay(self, cast, ada):
        answer = self.sent(cast, ada, "big.pdf", b"%PDF-" + bytes(40 * 1024 * 1024))

        assert answer.status_code == 422
        assert "larger than 10 MB" in answer.context["form"].errors["documents"][0]
        assert "See." in answer.content.decode()

    def test_nothing_lies_about_of_a_reply_that_was_not_taken(self, cast, ada, settings, monkeypatch):
        monkeypatch.setattr(replies.planning, "plan_record", lambda **_: 1 / 0)
        file = replies.uploads.take("a.pdf", b"%PDF-")

        with pytest.raises(ZeroDivisionError):
            replies.submit(
                address=ReplyAddress.objects.create(
                    executive=ada, campaign_letter=cast.campaign_letter, made_at=NOW,
                    expires_at=timezone.now() + timedelta(days=9),
                ),
                reply=Reply(signed_as="J", answer="x", files=[file]), now=timezone.now(),
            )  # fmt: skip

        assert list(settings.UPLOADS_DIR.iterdir()) == []


class TestDeciding:
    def test_an_accepted_dispute_takes_the_entry_away_once_two_have_decided(self, cast, ada, said, stranger):
        one = decided(cast, submitted(cast, ada, entry=said))
        before = plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())

        disputes.confirm(submission=one, by=cast.carla, now=NOW)

        after = plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())
        said.refresh_from_db()
        assert said.state == "corrected"
        assert "Disputed" not in before
        for part in ("Disputed by the office on", "We never said that.", "Jo Doe", "The recording shows it."):
            assert part in after
        assert "silent" in after
        assert "1 correction so far" in plain(stranger.get("/campaigns/robots/").content.decode())

    def test_a_refused_dispute_stands_beside_the_entry_with_the_reason(self, cast, ada, said, stranger):
        one = decided(cast, submitted(cast, ada, entry=said), "refused", "It is on tape.")

        disputes.confirm(submission=one, by=cast.carla, now=NOW)

        page = plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())
        assert page.index("We will think about it") < page.index("We never said that.") < page.index("It is on tape.")
        assert "Not accepted." in page
        assert reply_queries.corrections(cast.campaign.pk, at=NOW) == 0
        kept = AuditEntry.objects.filter(what__startswith="replies.").order_by("pk").values_list("what", "reason")
        assert list(kept)[1:] == [
            ("replies.decided", "refused: It is on tape."), ("replies.confirmed", "refused"),
        ]  # fmt: skip

    def test_in_part_it_stays_unless_another_stands_in_its_place(self, cast, ada, said):
        stays = decided(cast, submitted(cast, ada, entry=said), "partly")
        disputes.confirm(submission=stays, by=cast.carla, now=NOW)
        said.refresh_from_db()
        assert said.state == "checked"

        goes = decided(cast, submitted(cast, ada, entry=said), "partly", result=say(cast))
        disputes.confirm(submission=goes, by=cast.carla, now=NOW)

        said.refresh_from_db()
        assert said.state == "corrected"

    def test_nobody_confirms_what_she_decided(self, cast, ada, said):
        one = decided(cast, submitted(cast, ada, entry=said))

        with pytest.raises(disputes.NotPossible, match="Somebody else"):
            disputes.confirm(submission=one, by=cast.oskar, now=NOW)
        with pytest.raises(IntegrityError, match="confirmed_by_a_second_person"), transaction.atomic():
            Submission.objects.update(state="settled", settled_by=cast.oskar, settled_at=NOW)

    def test_nothing_is_refused_without_a_reason(self, cast, ada, said):
        one = submitted(cast, ada, entry=said)

        page = browser_of(cast.oskar).post(f"{DESK}replies/{one.pk}/", {"decide": "1", "outcome": "refused"})

        assert page.status_code == 422
        assert page.context["decide"].errors.keys() == {"reason"}
        with pytest.raises(IntegrityError, match="not_refused_without_a_reason"), transaction.atomic():
            Submission.objects.update(state="decided", outcome="refused", decided_at=NOW)

    def test_two_who_decide_at_once_are_told(self, cast, ada, said):
        one = submitted(cast, ada, entry=said)
        decided(cast, one)

        with pytest.raises(disputes.NotPossible, match="a moment ago"):
            decided(cast, one, "refused")

    def test_an_answer_becomes_an_entry_in_its_own_words(self, cast, ada, stranger):
        one = submitted(cast, ada, answer="Robots stop tonight.\nWe thank everybody. And more.")
        page = f"{DESK}replies/{one.pk}/"
        typed = {"record": "1", f"demand_{cast.act.pk}": "met"}

        twisted = browser_of(cast.oskar).post(page, {**typed, "quote": "Robots never stop."})
        browser_of(cast.oskar).post(page, {**typed, "quote": "Robots stop tonight. […] And more."})
        entry = Entry.objects.get()
        record.check(entry=entry, by=cast.carla, now=NOW)

        assert "not the words of the answer" in twisted.context["passage"].errors["quote"][0]
        assert (entry.audience, entry.date, entry.recorded_by) == ("public", timezone.localdate(), cast.oskar)
        shown = plain(stranger.get("/campaigns/robots/executives/ada-boss/").content.decode())
        assert "And more." in shown
        assert "Reply by Jo Doe" in shown
        assert open_ends(cast) == 0

    def test_an_answer_whose_entry_is_rejected_waits_again(self, cast, ada):
        one = submitted(cast, ada, answer="Tonight.")
        passage = disputes.Passage(quote="Tonight.", what="", tone="", bearings={})
        entry = disputes.put_on_record(answer=one, passage=passage, by=cast.oskar, now=NOW)
        assert open_ends(cast) == 0

        record.reject(entry=entry, by=cast.carla, reason="It leaves out the point", now=NOW)

        assert open_ends(cast) == 1
        disputes.put_on_record(answer=one, passage=passage, by=cast.carla, now=NOW)

    def test_a_decision_can_be_opened_again(self, cast, ada, said):
        one = decided(cast, submitted(cast, ada, entry=said))

        browser_of(cast.carla).post(f"{DESK}replies/{one.pk}/", {"back": "1"})

        one.refresh_from_db()
        assert (one.state, one.outcome, one.decided_by) == ("waiting", "", None)


class TestReports:
    def test_a_reader_reports_without_telling_who_she_is_and_is_forgotten(self, cast, said, stranger):
        page = stranger.get("/campaigns/robots/executives/ada-boss/").content.decode()
        [link] = re.findall(r'href="(/campaigns/robots/report/\?entry=[^"]+)"', page)

        sent = stranger.post(link, {"words": "The date is wrong.", "source": "I was there"}, follow=True)

        one = Submission.objects.get()
        assert "Thank you" in sent.content.decode()
        assert (one.kind, one.entry, one.executive, one.signed_as) == ("error", said, cast.ada, "")
        decided(cast, one)
        disputes.confirm(submission=one, by=cast.carla, now=NOW)
        one.refresh_from_db()
        assert (one.words, one.source) == ("", "")
        assert "I was there" not in stranger.get("/campaigns/robots/executives/ada-boss/").content.decode()
        with pytest.raises(IntegrityError, match="reader_is_forgotten"), transaction.atomic():
            Submission.objects.update(words="again")

    def test_only_what_is_public_can_be_reported(self, cast, stranger):
        waiting = say(cast)

        for query in (f"entry={waiting.pk}", "entry=rubbish", "executive=nobody"):
            assert stranger.get(f"/campaigns/robots/report/?{query}").status_code == 404
        assert stranger.get("/campaigns/elsewhere/report/").status_code == 404

    def test_a_flood_from_one_network_is_told_to_come_back_later(self, cast, stranger, settings):
        settings.REPORTS_PER_NETWORK_PER_HOUR = 4

        answers = [stranger.post("/campaigns/robots/report/", {"words": f"Wrong {n}"}).status_code for n in range(4)]

        assert answers == [302, 429, 429, 429]
        assert Submission.objects.count() == 1


class TestTheTeam:
    def test_it_is_told_of_a_reply_at_once_and_again_until_it_is_decided(self, cast, ada, mailbox):
        reply = Reply(signed_as="Jo", answer="Tonight.")
        replies.submit(address=made(cast, ada, now=YESTERDAY), reply=reply, now=YESTERDAY)

        let_go()

        assert "1 reply or report to decide" in mailbox("oskar@")[-1].subject
        assert mailbox("vera@") == []
        [again] = Reminder.objects.filter(kind="replies", state="planned")
        assert again.due_at - YESTERDAY > timedelta(days=2, hours=20)
        one = Submission.objects.get()
        disputes.put_on_record(
            answer=one, passage=disputes.Passage(quote="Tonight.", what="", tone="", bearings={}), by=cast.oskar,
            now=YESTERDAY,
        )  # fmt: skip
        assert not Reminder.objects.filter(kind="replies", state="planned").exists()

    def test_who_looks_on_sees_and_changes_nothing(self, cast, ada, said):
        one = submitted(cast, ada, entry=said)
        page, addresses = f"{DESK}replies/{one.pk}/", f"{DESK}replies/addresses/"
        live = made(cast, ada)

        assert "We never said that." in browser_of(cast.vera).get(page).content.decode()
        assert "/reply/" not in browser_of(cast.vera).get(addresses).content.decode()
        assert "/reply/" not in browser_of(cast.oskar).get(addresses).content.decode()
        assert replies.token_of(live)[:20] in browser_of(cast.carla).get(addresses).content.decode()
        assert browser_of(cast.vera).post(page, {"decide": "1"}).status_code == 404
        assert browser_of(cast.oskar).post(addresses, {"revoke": str(live.pk)}).status_code == 404
        one.refresh_from_db()
        assert one.state == "waiting"

    def test_outsiders_find_nothing(self, cast, ada, said):
        one = submitted(cast, ada, entry=said)

        for tail in ("replies/", "replies/addresses/", f"replies/{one.pk}/"):
            assert browser_of(cast.mallory).get(DESK + tail).status_code == 404
            assert browser_of(cast.mallory).post(DESK + tail, {"back": "1"}).status_code in {404, 405}
            assert Client().get(DESK + tail).status_code == 302
        assert browser_of(cast.mallory).get(f"/organise/campaigns/elsewhere/replies/{one.pk}/").status_code == 404
