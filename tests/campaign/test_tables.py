"""A table brings entries into a record: first shown, then written, all of it or nothing, with faults by line."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from campaign import queries, record
from campaign.files import Faulty, published
from campaign.files.tables import import_table
from campaign.models import Entry, Said, Source
from tests.campaign.test_record import say
from tests.cast import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=9)
HEAD = "kind,executive,date,audience,quote,on stop-every-robot,source title,source address,source place\n"
LINE = 'statement,ada-boss,2026-02-05,public,"We, too",partly,A paper,https://paper.example/a,page 3\n'


def bring(text: str, *, write: bool = True):
    return import_table(text, slug="robots", file_name="t.csv", now=LATER, write=write)


def test_it_is_shown_first_and_written_when_asked_and_twice_is_once(cast):
    shown = bring(HEAD + LINE, write=False)
    before = Entry.objects.count() + Source.objects.count()

    report = bring(HEAD + LINE)
    again = bring(HEAD + LINE)

    entry = Entry.objects.get()
    assert before == 0
    assert shown.made == report.made
    assert again.nothing_changed
    assert (entry.state, entry.quote, entry.precision, entry.citations.get().place) == (
        "recorded",
        "We, too",
        "day",
        "page 3",
    )
    assert [one.said for one in entry.bearings.all()] == ["partly"]


def test_the_records_own_table_changes_nothing_and_makes_the_same_elsewhere(cast):
    entry = say(cast, bearings={cast.act.pk: Said.PARTLY})
    Entry.objects.filter(pk=entry.pk).update(quote="=We+they", says=["One", "Two"])
    entry.executives.add(cast.bo)
    record.check(entry=entry, by=cast.oskar, now=NOW)
    table = published.record_csv("robots")

    assert bring(table).nothing_changed
    Entry.objects.all().delete()
    bring(table)

    [said] = queries.campaign_page("robots", now=LATER).entries
    assert (said.quote, said.says, len(said.executives), said.bearings[0].said) == (
        "=We+they",
        ("One", "Two"),
        2,
        "partly",
    )
    assert said.sources[0].title == "The Paper, page 3"


def test_what_is_public_is_corrected_beside_it(cast):
    entry = say(cast)
    record.check(entry=entry, by=cast.oskar, now=NOW)

    bring(f"key,quote,correction\n{entry.key},Other words,A word was wrong.\n")

    [said] = queries.executive_page("robots", "ada-boss", now=LATER).said
    assert (said.quote, said.original.quote, said.original.correction) == (
        "Other words", "We will think about it", "A word was wrong.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file is empty"),
        ("kind,shoe\n", 1, 'no column "shoe"'),
        (HEAD + LINE + LINE.replace("ada-boss", "eve"), 3, 'executive "eve" is not listed'),
        (HEAD + LINE.replace("partly", "often"), 2, '"often" is not possible here'),
        (HEAD + LINE.replace("2026-02-05", "5.2.2026"), 2, "is no date"),
        (HEAD + LINE.replace("statement", "rumour"), 2, '"rumour" is not possible here'),
        (HEAD + LINE.replace("https://", "paper "), 2, "is no web address"),
        (HEAD + LINE + "a,b,c,d,e,f,g,h,i,j\n", 3, "more cells"),
        (HEAD + '"open', 2, "this is no CSV"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_is_written(cast, text, line, message):
    with pytest.raises(Faulty) as caught:
        bring(text)

    assert any(fault.line == line and message in fault.text for fault in caught.value.faults), str(caught.value)
    assert not Entry.objects.exists()


def test_the_command_shows_before_it_writes(cast, tmp_path, capsys):
    table = tmp_path / "record.csv"
    table.write_text(HEAD + LINE, encoding="utf-8")

    call_command("import_record", "robots", str(table))
    shown, there = capsys.readouterr().out, Entry.objects.count()
    call_command("import_record", "robots", str(table), "--write")

    assert "Would be made: entries: csv-" in shown
    assert "Say --write" in shown
    assert (there, Entry.objects.count()) == (0, 1)
    with pytest.raises(CommandError, match="no campaign"):
        call_command("import_record", "nothing", str(table))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_record", "robots", str(tmp_path / "missing.csv"))
