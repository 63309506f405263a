import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table between entries and sources is given a name and a column: where in the source it stands."""

    dependencies = [
        ("campaign", "0020_turns"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Citation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="citations",
                                to="campaign.entry",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="citations",
                                to="campaign.source",
                            ),
                        ),
                    ],
                    options={"db_table": "campaign_entry_sources", "unique_together": {("entry", "source")}},
                ),
                migrations.AlterField(
                    model_name="entry",
                    name="sources",
                    field=models.ManyToManyField(
                        blank=True, related_name="entries", through="campaign.Citation", to="campaign.source"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="citation",
            name="place",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
    ]
