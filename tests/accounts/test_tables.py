from django.db import connection, models
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState

from accounts.tables import CreateTables


def test_models_that_refer_to_each_other_are_made_with_their_columns_in_order_and_dropped_again(db):
    key = ("id", models.BigAutoField(primary_key=True))
    of = {"on_delete": models.CASCADE, "null": True}
    step = CreateTables(
        CreateModel("Egg", [key, ("hen", models.ForeignKey("accounts.Hen", **of)), ("weight", models.IntegerField())]),
        CreateModel("Hen", [key, ("egg", models.ForeignKey("accounts.Egg", **of))]),
    )
    nothing, both = ProjectState(), ProjectState()
    step.state_forwards("accounts", both)
    look = connection.introspection

    with connection.schema_editor() as editor, connection.cursor() as cursor:
        step.database_forwards("accounts", editor, nothing, both)
        columns = [column.name for column in look.get_table_description(cursor, "accounts_egg")]

    with connection.cursor() as cursor:
        leads_to = [limit["foreign_key"] for limit in look.get_constraints(cursor, "accounts_egg").values()]
    assert columns == ["id", "hen_id", "weight"]
    assert ("accounts_hen", "id") in leads_to

    with connection.schema_editor() as editor:
        step.database_backwards("accounts", editor, both, nothing)

    assert {"accounts_egg", "accounts_hen"}.isdisjoint(look.table_names())
