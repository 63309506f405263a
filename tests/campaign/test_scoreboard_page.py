"""The scoreboard as a reader asks for it, as a picture, and as files: nothing that is not public, nothing that runs."""

import csv
import io
import json
import os
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from PIL import Image

from campaign import figure, record, scoreboard_page
from campaign.facts import DemandFacts
from campaign.files import import_campaign, published
from campaign.models import Bearing, Demand, Entry, Executive, Outreach, Said, StandingDecision
from campaign.scoreboard import ExecutiveRow, Scoreboard, StandingCell
from campaign.scoreboard_page import Choice, Sort
from campaign.standings import Standing
from letters import employers
from tests.campaign.deciding import follow_the_rules
from tests.campaign.test_record import say
from tests.cast import NOW
from tests.people import plain

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/robots/scoreboard/"


@pytest.fixture
def said(cast) -> Entry:
    entry = say(cast, bearings={cast.act.pk: Said.REFUSED})
    record.check(entry=entry, by=cast.oskar, now=NOW)
    follow_the_rules(cast)
    return entry


def names(stranger, query: str) -> list[str]:
    page = stranger.get(f"{PAGE}?{query}").context["page"]
    return [row.name or row.title for row in page.shown.rows]


class TestThePage:
    def test_it_is_narrowed_by_company_demand_and_standing(self, cast, said, stranger):
        assert names(stranger, "") == ["Ada Boss", "Chief executive"]
        assert names(stranger, "company=acme") == ["Ada Boss"]
        assert names(stranger, "standing=refused") == ["Ada Boss"]
        assert names(stranger, "standing=refused&demand=2") == []
        assert names(stranger, "standing=unaddressed&demand=2") == ["Ada Boss", "Chief executive"]
        assert "Nobody fits" in stranger.get(f"{PAGE}?company=none").content.decode()
        assert len(stranger.get(f"{PAGE}?demand=2").context["page"].shown.demands) == 1

    def test_it_is_sorted_by_what_the_reader_asks(self, cast, said, stranger):
        Outreach.objects.create(
            executive=cast.bo, subject="S", body="B", drafted_at=NOW, released_at=NOW, state="sent", sent_at=NOW
        )

        assert names(stranger, "sort=silent") == ["Chief executive", "Ada Boss"]
        assert names(stranger, "sort=moved") == ["Ada Boss", "Chief executive"]
        assert names(stranger, "sort=name") == ["Ada Boss", "Chief executive"]
        page = plain(stranger.get(f"{PAGE}?sort=moved").content.decode())
        assert "last change on 1 February 2026" in page
        assert "Asked once, on 1 February 2026" in page

    def test_most_signed_comes_first(self):
        rows = (row(1, people=12), row(2, people=300), row(3))

        shown = scoreboard_page.chosen(Scoreboard((), rows), Choice(sort=Sort.SIGNED))

        assert [one.id for one in shown.rows] == [2, 1, 3]

    @pytest.mark.parametrize("query", ["demand=x", "demand=99", "demand=%00", "sort=x", "standing=x", "company=%00"])
    def test_odd_questions_are_answered(self, cast, stranger, query):
        assert stranger.get(f"{PAGE}?{query}").status_code == 200

    def test_it_says_on_how_much_evidence_a_standing_rests(self, cast, said, stranger):
        assert "refused on 1 piece of evidence" in plain(stranger.get(PAGE).content.decode())

    def test_a_past_day_is_shown_as_it_was_and_cited_for_good(self, cast, said, stranger):
        yesterday = (timezone.now() - timedelta(days=1)).date()
        days_before = (NOW - timedelta(days=3)).date()

        now, before = stranger.get(PAGE), stranger.get(f"{PAGE}?on={days_before}")
        odd = stranger.get(f"{PAGE}?on=yesterday")

        assert (before.context["page"].whole.answered, now.context["page"].whole.answered) == (0, 1)
        assert stranger.get(f"{PAGE}?on={yesterday}").context["page"].then.day == yesterday
        assert (odd.status_code, "There is no such day" in odd.content.decode()) == (422, True)
        [cited] = re.findall(r"/campaigns/robots/scoreboard/(\?on=[0-9T:-]+)", now.content.decode())
        assert stranger.get(f"{PAGE}{cited}").context["page"].whole.answered == 1

    def test_a_campaign_that_is_not_public_has_none(self, cast, stranger):
        for tail in (
            "scoreboard/",
            "scoreboard.png",
            "scoreboard-tall.png",
            "scoreboard.csv",
            "record.csv",
            "record.json",
        ):
            assert stranger.get(f"/campaigns/elsewhere/{tail}").status_code == 404

    def test_it_costs_at_most_eight_queries_whatever_is_on_record(self, cast, stranger, django_assert_max_num_queries):
        crowd(cast, executives=int(os.environ.get("BOARD_EXECUTIVES", "20")), demands=10, each=10)

        with django_assert_max_num_queries(8):
            answer = stranger.get(f"{PAGE}?sort=silent")

        assert answer.status_code == 200
        assert answer.context["page"].whole.rows[-1].cells[-1].standing == Standing.PARTLY


def crowd(cast, *, executives: int, demands: int, each: int) -> None:
    """Many executives, each with so many checked statements and as many standings that rest upon them."""
    asked = [
        Demand(campaign=cast.campaign, number=number, key=f"d{number}", text=f"Demand {number}")
        for number in range(3, demands + 1)
    ]
    Demand.objects.bulk_create(asked)
    company = employers.add(directory_id=cast.campaign.directory_id, name="Gamma", domains=["gamma.example"])
    people = Executive.objects.bulk_create(
        Executive(campaign=cast.campaign, key=f"e{number}", name=f"E {number}", title="T", employer_id=company)
        for number in range(executives)
    )
    entries = Entry.objects.bulk_create(
        Entry(
            campaign=cast.campaign, key=f"s{who.pk}-{number}", kind="statement", date=date(2026, 2, 1), precision="day",
            audience="public", quote="Words", state="checked", recorded_at=NOW, checked_at=NOW, imported=True,
        )
        for who in people
        for number in range(each)
    )  # fmt: skip
    Entry.executives.through.objects.bulk_create(
        Entry.executives.through(entry=entry, executive=people[place // each]) for place, entry in enumerate(entries)
    )
    Bearing.objects.bulk_create(
        Bearing(entry=entry, demand=asked[place % len(asked)], said="partly") for place, entry in enumerate(entries)
    )
    bearing = [(place, entry) for place, entry in enumerate(entries) if place % each < len(asked)]
    decisions = StandingDecision.objects.bulk_create(
        StandingDecision(
            executive=people[place // each], demand=asked[place % each], standing="partly", reason="Said so",
            as_of=entry.date, who="E", what="Demand", imported=True, state="checked", decided_at=NOW, checked_at=NOW,
        )
        for place, entry in bearing
    )  # fmt: skip
    links = StandingDecision.evidence.through
    links.objects.bulk_create(
        links(standingdecision=decision, entry=entry)
        for decision, (_place, entry) in zip(decisions, bearing, strict=True)
    )


def row(number: int, *, name: str = "", people: int = 0, demands: tuple[DemandFacts, ...] = ()) -> ExecutiveRow:
    standings = list(Standing)
    return ExecutiveRow(
        id=number, key=f"e{number}", name=name, title="Chief executive", employer_id=number, employer="Acme & Söhne",
        cells=tuple(StandingCell(one, standings[(number + one.id) % 7], 1, False) for one in demands), answered=False,
        spoke_internally=False, silent_days=27, reported_silent=None, people=people, asked=3,
    )  # fmt: skip


def board(rows: int, columns: int, **how) -> Scoreboard:
    demands = tuple(DemandFacts(n, n, f"d{n}", f"Demand {n} " * 9, False) for n in range(1, columns + 1))
    return Scoreboard(demands, tuple(row(number, demands=demands, **how) for number in range(rows)))


SAYS = {"title": "Stop <the> robots & all", "day": "As of 1 February 2026", "address": "letters.example/x/"}


class TestThePicture:
    @pytest.mark.parametrize(("rows", "columns"), [(0, 0), (1, 1), (7, 3), (200, 10)])
    def test_the_wide_one_is_1200_by_630_whatever_is_on_it(self, rows, columns):
        picture = Image.open(io.BytesIO(figure.wide(board(rows, columns), **SAYS)))

        assert (picture.format, picture.size) == ("PNG", (1200, 630))

    def test_the_tall_one_grows_and_both_say_how_many_they_leave_out(self):
        laid = [figure._lay_out(board(70, 10), height=height, **SAYS) for height in (figure.HEIGHT, None)]

        assert [len(one.rows) for one in laid] == [7, 60]
        assert ["".join(run.text for run in one.more.runs) for one in laid] == [
            "and 63 more executives", "and 10 more executives",
        ]  # fmt: skip
        assert len(laid[1].notes) == 10

    def test_where_words_have_no_room_a_legend_explains_the_shapes(self):
        narrow, broad = (figure._lay_out(board(2, n), height=figure.HEIGHT, **SAYS) for n in (10, 3))

        assert (len(narrow.legend), narrow.rows[0].marks[0].word) == (7, None)
        assert (broad.legend, broad.rows[0].marks[0].word is not None) == ((), True)

    def test_any_name_is_drawn(self):
        for name in ("Łukasz", "سوندار بيتشاي", "李雷", "<script>&", "שרה כהן", "x" * 120):
            assert figure.wide(board(2, 3, name=name), **SAYS).startswith(b"\x89PNG")

    def test_it_is_not_drawn_anew_for_whoever_asks_differently(self, cast, stranger):
        answer = stranger.get("/campaigns/robots/scoreboard.png?r=1")

        assert (answer.status_code, answer.headers["Location"]) == (302, "/campaigns/robots/scoreboard.png")

    def test_a_past_day_has_a_picture_of_its_own(self, cast, said, stranger):
        day = timezone.now().date() - timedelta(days=1)

        page = stranger.get(f"{PAGE}?on={day}").content.decode()
        answer = stranger.get(f"/campaigns/robots/scoreboard.png?on={day}")

        assert f'src="/campaigns/robots/scoreboard.png?on={day}"' in page
        assert answer.headers["Content-Type"] == "image/png"
        for odd in ("on=2019-01-01", "on=yesterday", f"on={day}&x=1", f"on={day}T10:00"):
            assert stranger.get(f"/campaigns/robots/scoreboard.png?{odd}").status_code == 302
        for odd in ("2026-02-31", "2999-01-01"):
            assert stranger.get(f"/campaigns/robots/scoreboard.png?on={odd}").status_code == 404

    def test_it_is_linked_with_a_citation(self, cast, said, stranger):
        page = stranger.get(PAGE).content.decode()

        answer = stranger.get("/campaigns/robots/scoreboard.png")

        assert answer.headers["Content-Type"] == "image/png"
        assert 'property="og:image" content="http://localhost:8000/campaigns/robots/scoreboard.png"' in page
        assert "how executives answered. As of" in page
        assert "http://localhost:8000/campaigns/robots/scoreboard/?on=" in page


def lines(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


class TestTheFiles:
    def test_the_record_is_only_what_is_public(self, cast, said, stranger):
        Executive.objects.filter(pk=cast.ada.pk).update(office_address="secret@acme.example")
        waiting = say(cast)
        Entry.objects.filter(pk=waiting.pk).update(quote="Not yet public")

        for name in ("record.json", "record.csv", "scoreboard.csv"):
            text = stranger.get(f"/campaigns/robots/{name}").content.decode()
            assert "secret@" not in text
            assert "acme.example" not in text
            assert "Not yet public" not in text
            assert cast.carla.email not in text
        assert "We will think about it" in stranger.get("/campaigns/robots/record.json").content.decode()

    def test_csv_has_a_line_for_each_entry_and_executive_with_its_sources(self, cast, said, stranger):
        said.executives.add(cast.bo)

        found = lines(stranger.get("/campaigns/robots/record.csv"))

        assert [one["name"] or one["company"] for one in found] == ["Ada Boss", "Beta"]
        assert found[0]["on stop-every-robot"] == "refused"
        assert found[0]["sources"] == "The Paper, page 3"

    def test_the_scoreboard_has_a_line_for_each_cell(self, cast, said, stranger):
        found = lines(stranger.get("/campaigns/robots/scoreboard.csv"))

        assert [(one["name"], one["demand"], one["standing"], one["statements"]) for one in found][:2] == [
            ("Ada Boss", "1", "refused", "1"), ("Ada Boss", "2", "unaddressed", "0"),
        ]  # fmt: skip

    @pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
    def test_no_cell_is_run_by_a_spreadsheet(self, cast, said, stranger, begins):
        Entry.objects.filter(pk=said.pk).update(quote=f"{begins}cmd|' /C calc'!A0")

        raw = stranger.get("/campaigns/robots/record.csv").content.decode("utf-8-sig")

        [one] = csv.DictReader(io.StringIO(raw, newline=""))
        assert one["quote"] == f"'{begins}cmd|' /C calc'!A0"

    def test_json_is_imported_again_and_gives_the_same(self, cast, said):
        Entry.objects.filter(pk=said.pk).update(quote='A "word",\nand: one \\ more\t– ok')
        before = published.record_json("robots")

        moved = before.replace('"slug": "robots"', '"slug": "robots-again"')
        import_campaign(moved, file_name="record.json", team_name="Elsewhere", now=NOW + timedelta(days=1))

        after = published.record_json("robots-again").replace("robots-again", "robots")
        assert json.loads(after) == json.loads(before)
