"""Putting things on record: every kind by hand, with its source, and nothing typed is lost."""

import hashlib
import io
import time
from datetime import date

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaign import guessing, queries, record
from campaign.files import export_campaign, import_campaign
from campaign.models import Campaign, Capture, Entry, EntryDraft, Membership, Role, Source
from campaign.standings import gives_way
from letters import queries as letter_queries
from tests.campaign.test_files import ICEOUT
from tests.campaign.test_record import say
from tests.cast import NOW, browser_of, organiser

pytestmark = pytest.mark.django_db
NEW = "/organise/campaigns/robots/record/new/"


def statement(cast, **other) -> dict:
    typed = {"executives": [cast.ada.pk], "quote": "We sleep at night", "date": "2026-02-03", "precision": "day"}
    return typed | {"audience": "public", "source_title": "The Paper, page 3", "record": "1"} | other


def send(cast, kind: str = "", **typed):
    return browser_of(cast.carla).post(f"{NEW}{kind + '/' if kind else ''}", typed)


def errors(answer) -> set[str]:
    assert answer.status_code == 422, answer.content.decode()[:500]
    return set(answer.context["form"].errors)


class TestEveryKind:
    @pytest.mark.parametrize(
        ("kind", "typed"),
        [
            ("conduct", {"what": "Attended a screening"}),
            ("silence", {"what": "Silent", "date": "2026-02-03", "precision": "day"}),
            ("position", {"what": "Wrote in 2016", "date": "2016-05-05", "precision": "year"}),
            ("reaction", {"by": "J. Doe", "what": "Helpful overall", "signatory": "on"}),
            ("event", {"what": "It begins", "date": "2026-02-03", "precision": "month"}),
            ("related_letter", {"title": "Chamber’s letter", "offices": "Chief executive, Acme\nChair, Jo Doe, Beta"}),
        ],
    )
    def test_it_is_taken_with_what_belongs_to_it(self, cast, kind, typed):
        people = {"executives": [cast.ada.pk]} if kind in {"conduct", "silence", "position", "reaction"} else {}

        answer = send(cast, kind, **people, **typed, source_title="The Paper", record="1")

        assert answer.status_code == 302, answer.context["form"].errors
        entry = Entry.objects.get()
        assert (entry.kind, entry.state, entry.sources.get().title) == (kind, "recorded", "The Paper")
        assert [one.employer.name for one in entry.offices.order_by("pk")] == (
            ["Acme", "Beta"] if kind == "related_letter" else []
        )
        record.check(entry=entry, by=cast.oskar, now=NOW)

    def test_a_joint_statement_names_many(self, cast):
        send(cast, **statement(cast, executives=[cast.ada.pk, cast.bo.pk]))

        assert set(Entry.objects.get().executives.all()) == {cast.ada, cast.bo}

    @pytest.mark.parametrize(
        ("kind", "typed", "at"),
        [
            ("", {"date": "2031-01-01"}, "date"),
            ("", {"source_title": ""}, "source_title"),
            ("", {"source_address": "no address"}, "source_address"),
            ("", {"executives": []}, "executives"),
            ("", {"quote": "", "what": ""}, "quote"),
            ("", {"audience": "internal"}, "reported_by"),
            ("", {"source_published": "2031-01-01"}, "source_published"),
            ("conduct", {"what": ""}, "what"),
            ("silence", {"date": ""}, "date"),
            ("related_letter", {"title": "T", "offices": "Chief executive, Nobody Ltd"}, "offices"),
            ("related_letter", {"title": "T", "offices": "Chief executive"}, "offices"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_still_there(self, cast, kind, typed, at):
        answer = send(cast, kind, **statement(cast, **{"what": "Kept words", "title": "T"} | typed))

        assert at in errors(answer)
        assert "Kept words" in answer.content.decode() or typed.get("what") == ""
        assert not Entry.objects.exists()

    def test_no_such_kind_is_no_page(self, cast):
        assert browser_of(cast.carla).get(f"{NEW}rumour/").status_code == 404


class TestWhatIsTooOld:
    def test_a_statement_from_before_the_letter_is_refused_and_filed_as_a_position_with_one_press(self, cast):
        typed = statement(cast, date="2025-11-11")
        refused = send(cast, **typed)
        offered = send(cast, **{name: value for name, value in typed.items() if name != "record"}, as_position="1")
        form = offered.context["form"]

        assert errors(refused) == {"date"}
        assert "File it as an earlier position" in refused.content.decode()
        assert (offered.status_code, form.kind, form["what"].value()) == (200, "position", "We sleep at night")

    def test_nothing_is_too_old_where_the_asking_happened_elsewhere(self, cast):
        Campaign.objects.filter(pk=cast.campaign.pk).update(counts_silence=False)

        assert send(cast, **statement(cast, date="2025-11-11")).status_code == 302

    @pytest.mark.parametrize(
        ("spoke", "precision", "gives"),
        [(date(2026, 1, 20), "day", True), (date(2026, 1, 28), "day", False), (date(2026, 1, 1), "month", False)],
    )
    def test_a_silence_gives_way_to_what_was_surely_said_before_it(self, spoke, precision, gives):
        assert gives_way(silent_on=date(2026, 1, 28), spoke_on=spoke, precision=precision) is gives

    def test_both_are_shown_when_it_does(self, cast, stranger):
        send(
            cast, "silence", executives=[cast.ada.pk], date="2026-02-10", precision="day", source_title="A", record="1"
        )
        record.check(entry=Entry.objects.get(), by=cast.oskar, now=NOW)
        record.check(entry=say(cast), by=cast.oskar, now=NOW)

        page = stranger.get("/campaigns/robots/executives/ada-boss/").content.decode()

        assert "No response reported as of 10 February 2026." in page
        assert "an earlier statement has come to light since" in page


class TestSources:
    def test_the_same_source_twice_is_pointed_at(self, cast):
        send(cast, **statement(cast, source_address="https://paper.example/a"))

        again = send(
            cast, **statement(cast, quote="Something else", source_title="B", source_address="https://paper.example/a")
        )
        ticked = send(
            cast, **statement(cast, quote="Something else", source_title="", known_sources=[Source.objects.get().pk])
        )

        assert errors(again) == {"source_title"}
        assert ticked.status_code == 302
        assert Source.objects.count() == 1

    def test_what_is_likely_there_already_is_shown_first(self, cast):
        send(cast, **statement(cast))

        twice = send(cast, **statement(cast, quote="We sleep at night!", source_title="Radio"))
        meant = send(cast, **statement(cast, quote="We sleep at night!", source_title="Radio", another="1"))

        assert "Is it one of these?" in twice.content.decode()
        assert twice.status_code == 422
        assert meant.status_code == 302

    def test_a_capture_is_kept_without_what_it_betrays_and_with_its_hash(self, cast, settings, tmp_path):
        settings.UPLOADS_DIR = tmp_path / "uploads"
        picture = io.BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "CANARY"
        Image.new("RGB", (8, 8)).save(picture, "JPEG", exif=exif)
        file = SimpleUploadedFile("screen.jpg", picture.getvalue(), content_type="text/html")

        send(cast, **statement(cast, source_capture=file))

        one = Capture.objects.get()
        at = f"/organise/campaigns/robots/captures/{one.pk}/"
        answer = browser_of(cast.vera).get(at)
        assert b"CANARY" not in answer.content
        assert one.sha256 == hashlib.sha256(answer.content).hexdigest()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert browser_of(cast.mallory).get(at).status_code == 404
        assert browser_of(cast.mallory).get(at.replace("robots", "elsewhere")).status_code == 404

    def test_a_file_that_is_not_what_it_says_is_refused_at_its_field(self, cast):
        file = SimpleUploadedFile("screen.png", b"<script>", content_type="image/png")

        assert errors(send(cast, **statement(cast, source_capture=file))) == {"source_capture"}

    def test_forty_megabytes_are_refused_and_the_rest_is_still_there(self, cast):
        file = SimpleUploadedFile("film.pdf", b"%PDF-" + b"x" * 40_000_000)

        answer = send(cast, **statement(cast, source_capture=file))

        assert "source_capture" in errors(answer)
        assert "We sleep at night" in answer.content.decode()

    def test_one_source_is_cited_at_a_place_of_its_own_by_each_entry(self, cast, stranger):
        send(cast, **statement(cast, source_title="The Long Read", source_place="page 3"))
        source = Source.objects.get(title="The Long Read")
        on_record = {"source_title": "", "known_sources": [source.pk]}

        send(cast, **statement(cast, quote="Elsewhere in it", **on_record, source_place="minute 12:40", another="1"))

        first, second = Entry.objects.order_by("recorded_at", "pk"), {}
        for entry in first:
            record.check(entry=entry, by=cast.oskar, now=NOW)
            second[entry.quote] = entry.citations.get().place
        page = stranger.get("/campaigns/robots/executives/ada-boss/").content.decode()
        assert second == {"We sleep at night": "page 3", "Elsewhere in it": "minute 12:40"}
        assert source.place == ""
        assert "The Long Read, page 3" in page
        assert "The Long Read, minute 12:40" in page
        written = yaml.safe_load(export_campaign("robots"))["entries"]
        assert {one["places"][source.key] for one in written} == set(second.values())

    def test_a_place_is_of_one_source(self, cast):
        send(cast, **statement(cast))
        send(cast, **statement(cast, quote="Others", source_title="Another", another="1"))
        ticked = [one.pk for one in Source.objects.all()]

        answer = send(
            cast, **statement(cast, quote="More", source_title="", known_sources=ticked, source_place="page 4")
        )

        assert errors(answer) == {"source_place"}
        assert "Tick one" in answer.content.decode()

    def test_whoever_checks_sees_words_and_source_side_by_side(self, cast):
        picture = io.BytesIO()
        Image.new("RGB", (8, 8)).save(picture, "PNG")
        file = SimpleUploadedFile("page.png", picture.getvalue())
        send(cast, **statement(cast, source_publisher="The Lowland Times", source_place="page 3", source_capture=file))

        page = (
            browser_of(cast.carla).get(f"/organise/campaigns/robots/record/{Entry.objects.get().pk}/").content.decode()
        )

        beside = page.partition('class="beside"')[2]
        assert (
            beside.index("We sleep at night")
            < beside.index("What the sources show")
            < beside.index("Lowland Times</dd>")
        )
        assert "page 3</dd>" in beside
        assert f'<img src="/organise/campaigns/robots/captures/{Capture.objects.get().pk}/"' in beside

    def test_who_adds_a_source_cannot_check_it(self, cast):
        entry = say(cast)
        at = f"/organise/campaigns/robots/record/{entry.pk}/sources/"

        browser_of(cast.oskar).post(at, {"source_title": "Radio Lowland"})

        entry.refresh_from_db()
        assert entry.sources.count() == 2
        with pytest.raises(record.NotPossible, match="Somebody else"):
            record.check(entry=entry, by=cast.oskar, now=NOW)


class TestPasting:
    def test_title_publisher_date_and_quote_are_guessed_and_typed_fields_stay(self, cast):
        pasted = (
            "https://www.paper.example/2026/02/03/acme-chief-speaks-out.html\n"
            "Acme chief speaks out at last | The Evening Paper\nBy Jo Writer\n3 February 2026\n"
            "“We have decided to switch the robots off at night.”"
        )

        answer = browser_of(cast.carla).post(NEW, {"pasted": pasted, "source_author": "Typed Name", "guess": "1"})

        form = answer.context["form"]
        assert answer.status_code == 200
        assert [form[name].value() for name in ("source_title", "source_publisher", "source_author")] == [
            "Acme chief speaks out at last",
            "The Evening Paper",
            "Typed Name",
        ]
        assert form["source_address"].value() == "https://www.paper.example/2026/02/03/acme-chief-speaks-out.html"
        assert (form["source_published"].value(), form["quote"].value()) == (
            "2026-02-03",
            "We have decided to switch the robots off at night.",
        )

    @pytest.mark.parametrize(
        ("pasted", "title", "publisher"),
        [
            ("", "", ""),
            ("https://news.example/acme-boss-says-no", "Acme boss says no", "news.example"),
            ("https://[broken", "", ""),
            (
                "https://web.archive.org/web/2026/https://news.example/x A headline of four words",
                "A headline of four words",
                "news.example",
            ),
        ],
    )
    def test_an_address_alone_says_what_it_can(self, pasted, title, publisher):
        guess = guessing.guess(pasted)

        assert (guess.title, guess.publisher) == (title, publisher)

    def test_a_long_paste_is_read_quickly(self):
        begin = time.monotonic()

        guessing.guess("“" * 10_000 + "by " * 3000 + "http://" * 500)

        assert time.monotonic() - begin < 1


class TestDrafts:
    def test_what_is_unfinished_is_kept_found_and_finished_by_a_colleague(self, cast):
        send(cast, quote="Half a", executives=[cast.ada.pk, cast.bo.pk], keep="1")
        draft = EntryDraft.objects.get()
        oskar = browser_of(cast.oskar)

        listed = oskar.get("/organise/campaigns/robots/record/").content.decode()
        form = oskar.get(f"{NEW}?draft={draft.pk}").context["form"]
        oskar.post(NEW, statement(cast, draft=str(draft.pk)))

        assert "Half a" in listed
        assert (form["quote"].value(), form["executives"].value()) == ("Half a", [str(cast.ada.pk), str(cast.bo.pk)])
        assert not EntryDraft.objects.exists()
        assert Entry.objects.get().recorded_by == cast.oskar

    def test_another_teams_draft_is_not_reached(self, cast):
        send(cast, quote="Half a", keep="1")
        draft = EntryDraft.objects.get()

        page = browser_of(cast.mallory).get(f"{NEW.replace('robots', 'elsewhere')}?draft={draft.pk}")
        browser_of(cast.mallory).post(f"/organise/campaigns/elsewhere/drafts/{draft.pk}/")

        assert "Half a" not in page.content.decode()
        assert EntryDraft.objects.exists()


class TestByHand:
    def test_a_public_entry_is_corrected_and_taken_back(self, cast, stranger):
        entry = say(cast)
        record.check(entry=entry, by=cast.oskar, now=NOW)
        at = f"/organise/campaigns/robots/record/{entry.pk}"
        form = browser_of(cast.carla).get(f"{at}/correct/").context["form"]

        lacking = browser_of(cast.carla).post(f"{at}/correct/", statement(cast, source_title="Radio"))
        browser_of(cast.carla).post(
            f"{at}/correct/", statement(cast, source_title="Radio", correction="A word was wrong.")
        )
        record.check(entry=Entry.objects.get(corrects=entry), by=cast.oskar, now=NOW)

        assert form["quote"].value() == "We will think about it"
        assert errors(lacking) == {"correction"}
        page = stranger.get("/campaigns/robots/").content.decode()
        for part in ("A word was wrong.", "We will think about it", "We sleep at night"):
            assert part in page
        other = Entry.objects.get(corrects=entry)
        browser_of(cast.vera).post(f"/organise/campaigns/robots/record/{other.pk}/withdraw/", {"reason": "No"})
        other.refresh_from_db()
        assert other.state == "checked"
        browser_of(cast.oskar).post(f"/organise/campaigns/robots/record/{other.pk}/withdraw/", {"reason": "Not so"})
        other.refresh_from_db()
        assert (other.state, other.correction) == ("corrected", "Not so")


REPORTED = yaml.safe_load(ICEOUT)


def by_hand(campaign: Campaign, carla, oskar) -> None:
    """Every entry and standing of the real campaign through the forms, checked by somebody else."""
    base = f"/organise/campaigns/{campaign.slug}/"
    people = {one.key: one.pk for one in campaign.executives.all()}
    demands = {one.key: one.pk for one in campaign.demands.all()}
    employers = {one["key"]: one["name"] for one in REPORTED["employers"]}
    ids = {one.key: one.id for one in letter_queries.employers(campaign.directory_id)}
    sources = {one["key"]: one for one in REPORTED["sources"]}
    made: dict[str, Entry] = {}
    for one in REPORTED["entries"]:
        typed = {
            name: value
            for name, value in one.items()
            if name not in {"key", "kind", "state", "executives", "bearings", "sources", "offices", "says", "date"}
        }
        typed |= {"executives": [people[key] for key in one.get("executives", [])], "record": "1", "another": "1"}
        typed |= {"says": "\n".join(one.get("says", []))}
        typed |= {f"demand_{demands[key]}": said for key, said in one.get("bearings", {}).items()}
        if "date" in one:
            typed["date"] = (str(one["date"]) + "-01-01")[:10]
        if "by_employer" in one:
            typed["by_employer"] = ids[one["by_employer"]]
        if "offices" in one:
            typed["offices"] = "\n".join(
                f"{office['title']}, {employers[office['employer']]}" for office in one["offices"]
            )
        cited = {
            key: Source.objects.filter(campaign=campaign, title=sources[key]["title"]).first() for key in one["sources"]
        }
        typed["known_sources"] = [source.pk for source in cited.values() if source]
        new = [typed_source(sources[key]) for key, source in cited.items() if not source]
        typed |= new[0] if new else {}
        answer = carla.post(f"{base}record/new/{one['kind']}/", typed)
        assert answer.status_code == 302, answer.context["form"].errors
        made[one["key"]] = Entry.objects.get(pk=answer.headers["Location"].rstrip("/").rpartition("/")[2])
        for more in new[1:]:
            carla.post(f"{base}record/{made[one['key']].pk}/sources/", more)
        oskar.post(f"{base}record/{made[one['key']].pk}/", {"check": "1"})
    for one in REPORTED["standings"]:
        cell = f"{base}cells/{people[one['executive']]}/{demands[one['demand']]}/"
        saw = oskar.get(cell).context["form"]["saw"].value()
        evidence = [made[key].pk for key in one["evidence"]]
        oskar.post(
            cell,
            {"decide": "1", "standing": one["standing"], "reason": one["reason"], "evidence": evidence, "saw": saw},
        )
        carla.post(cell, {"check": "1", "decision": carla.get(cell).context["cell"].waiting.pk})


def typed_source(source: dict) -> dict:
    """A source as its fields are filled in."""
    return {f"source_{name}": source.get(name, "") for name in ("title", "publisher", "author")} | {
        "source_published": (str(source["published"]) + "-01-01")[:10],
        "source_precision": source["published_precision"],
    }


def facts(slug: str) -> dict:
    """The exported record without keys, which people do not type."""
    whole = yaml.safe_load(export_campaign(slug))
    titles = {one["key"]: one["title"] for one in whole["sources"]}
    keys = {one["key"]: (one["kind"], one.get("quote"), one.get("what"), one.get("says")) for one in whole["entries"]}
    return {
        "entries": sorted(
            ({**one, "key": "", "sources": [titles[key] for key in one["sources"]]} for one in whole["entries"]),
            key=repr,
        ),
        "standings": [{**one, "evidence": [keys[key] for key in one["evidence"]]} for one in whole["standings"]],
        "sources": sorted(({**one, "key": ""} for one in whole["sources"]), key=repr),
    }


def test_the_real_campaign_by_hand_is_the_real_campaign_by_import(db, settings, tmp_path):
    settings.KEYRING_DIR = tmp_path / "keys"
    import_campaign(ICEOUT, file_name="x.yaml", team_name=None, now=NOW)
    imported = facts("iceout-2026")
    bare = {name: value for name, value in REPORTED.items() if name not in {"entries", "standings", "sources"}}
    bare["campaign"] = {**bare["campaign"], "slug": "by-hand"}
    bare["letters"] = [{**one, "slug": "by-hand"} for one in bare["letters"]]
    import_campaign(yaml.safe_dump(bare, allow_unicode=True), file_name="y.yaml", team_name="Team", now=NOW)
    campaign = Campaign.objects.get(slug="by-hand")
    carla, oskar = organiser("Carla"), organiser("Oskar")
    for user in (carla, oskar):
        Membership.objects.create(team=campaign.team, user=user, role=Role.TRACKER)

    by_hand(campaign, browser_of(carla), browser_of(oskar))

    assert facts("by-hand") == imported
    later = NOW.replace(year=2027)
    for slug in ("iceout-2026", "by-hand"):
        page = queries.campaign_page(slug, now=later, on="2026-01-28")
        rows = {row.key: row for row in page.scoreboard.rows}
        assert [cell.standing for cell in rows["amodei"].cells] == ["unaddressed", "not-applicable", "partly"]
        assert [cell.standing for cell in rows["altman"].cells] == ["unaddressed"] * 3
        assert (rows["altman"].cells[2].internal, rows["altman"].answered) == (True, False)
        silent = [key for key, row in rows.items() if row.reported_silent == date(2026, 1, 28)]
        assert silent == ["cook", "google-ceo", "microsoft-ceo", "meta-ceo"]
        assert [one.person.key for one in page.voices] == ["dean", "dyett"]
