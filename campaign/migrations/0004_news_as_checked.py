from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0003_series"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="last_news_number",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="news",
            name="who",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="news",
            name="what",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddField(
            model_name="news",
            name="dropped",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(
            """
            UPDATE campaign_campaign SET last_news_number = numbered.newest
            FROM (SELECT campaign_id, max(number) AS newest FROM campaign_news GROUP BY campaign_id) AS numbered
            WHERE numbered.campaign_id = campaign_campaign.id AND numbered.newest IS NOT NULL
            """,
            migrations.RunSQL.noop,
        ),
        # What was told until now was told in the words of now.
        migrations.RunSQL(
            """
            UPDATE campaign_news SET
                who = concat_ws(', ', nullif(executive.name, ''), nullif(executive.title, ''), employer.name),
                what = demand.text
            FROM campaign_executive AS executive, letters_employer AS employer, campaign_demand AS demand
            WHERE executive.id = campaign_news.executive_id AND employer.id = executive.employer_id
                AND demand.id = campaign_news.demand_id
            """,
            migrations.RunSQL.noop,
        ),
    ]
