"""How many organisations a letter had when it was handed over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0016_waves"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="organisations",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
