"""A new database is made by one migration for each app; one that was made step by step is taken over as it stands."""

from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

APPS = ("accounts", "letters", "campaign")


def test_the_one_migration_and_the_steps_lead_to_the_same_models():
    loader = MigrationLoader(None, replace_migrations=False)
    together = [key for key in loader.replacements if key[0] in APPS]
    last_steps = [loader.replacements[key].replaces[-1] for key in together]

    states = (loader.project_state(last_steps), loader.project_state(together))

    assert len(together) == len(APPS)
    assert MigrationAutodetector(*states).changes(loader.graph) == {}


def _planned() -> list[tuple[str, str]]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _backwards in plan]


def _applied(**wanted: str):
    return MigrationRecorder(connection).migration_qs.filter(app__in=APPS, **wanted)


def test_a_database_made_step_by_step_is_taken_over_with_nothing_to_do(db):
    _applied(name__contains="_squashed_").delete()

    assert _planned() == []
    MigrationExecutor(connection).migrate([], plan=[])

    assert _applied(name__contains="_squashed_").count() == len(APPS)


def test_a_database_that_stopped_on_the_way_goes_on_step_by_step(db):
    _applied(name__contains="_squashed_").delete()
    _applied(app="letters", name__gt="0006_editions").delete()
    _applied(app="campaign", name__gt="0009_writing").delete()

    planned = _planned()

    assert planned[0] == ("letters", "0007_review")
    assert {app for app, _name in planned} == {"letters", "campaign"}
    assert not [name for _app, name in planned if "_squashed_" in name]
    assert ("campaign", "0012_standings_carried_over") in planned
