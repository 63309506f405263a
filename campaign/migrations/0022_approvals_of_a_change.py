"""How many members have to approve a change of an open letter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0021_citations"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="textchange",
            name="text_change_in_force_was_approved_twice",
        ),
        migrations.AddField(
            model_name="textchange",
            name="needed",
            field=models.PositiveSmallIntegerField(db_default=2, default=2),
        ),
        migrations.AddConstraint(
            model_name="textchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "change"), ("state", "in_force"), _negated=True),
                    models.Q(
                        ("approved_at__isnull", False),
                        models.Q(("seconded_at__isnull", False), ("needed", 1), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="text_change_in_force_was_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="textchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("needed__in", [1, 2])), name="text_change_needs_one_or_two"
            ),
        ),
    ]
