"""Teams, campaigns, the record and what is planned to be mailed."""

import uuid

import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from accounts.tables import CreateTables

_AUDIT_STANDS_STILL = """
CREATE FUNCTION campaign_audit_stands_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- An account that is deleted leaves what it did, without itself.
    IF NEW.by_id IS NULL AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was noted is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_stands_still BEFORE UPDATE ON campaign_auditentry
    FOR EACH ROW EXECUTE FUNCTION campaign_audit_stands_still();
CREATE FUNCTION campaign_audit_goes_with_its_campaign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM campaign_campaign WHERE id = OLD.campaign_id) THEN
        RAISE EXCEPTION 'what was noted goes only with its campaign' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- At the end of the transaction, because rows that hang on a campaign are deleted before it.
CREATE CONSTRAINT TRIGGER audit_goes_with_its_campaign AFTER DELETE ON campaign_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_audit_goes_with_its_campaign();
"""
_AUDIT_MOVES_AGAIN = """
DROP TRIGGER audit_goes_with_its_campaign ON campaign_auditentry;
DROP FUNCTION campaign_audit_goes_with_its_campaign();
DROP TRIGGER audit_stands_still ON campaign_auditentry;
DROP FUNCTION campaign_audit_stands_still();
"""
_SAVED_TEXT_STANDS_STILL = """
CREATE FUNCTION campaign_saved_text_stands_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.campaign_letter_id, NEW.language, NEW.began_from, NEW.title, NEW.body, NEW.demands, NEW.saved_at)
        IS DISTINCT FROM
        (OLD.campaign_letter_id, OLD.language, OLD.began_from, OLD.title, OLD.body, OLD.demands, OLD.saved_at)
    THEN
        RAISE EXCEPTION 'a saved text never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER saved_text_stands_still BEFORE UPDATE ON campaign_savedtext
    FOR EACH ROW EXECUTE FUNCTION campaign_saved_text_stands_still();
"""
_SAVED_TEXT_MOVES_AGAIN = """
DROP TRIGGER saved_text_stands_still ON campaign_savedtext;
DROP FUNCTION campaign_saved_text_stands_still();
"""
# Looked at when a transaction ends, from every side: the decision, its evidence, the entry, and the demand.
_STANDING_RESTS_ON_EVIDENCE = """
CREATE FUNCTION campaign_standing_rests_on_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned uuid[];
BEGIN
    IF TG_TABLE_NAME = 'campaign_standingdecision' THEN
        concerned := ARRAY[NEW.id];
    ELSIF TG_TABLE_NAME = 'campaign_standingdecision_evidence' THEN
        concerned := ARRAY[OLD.standingdecision_id];
    ELSIF TG_TABLE_NAME = 'campaign_entry' THEN
        concerned := ARRAY(
            SELECT standingdecision_id FROM campaign_standingdecision_evidence WHERE entry_id = NEW.id);
    ELSE
        concerned := ARRAY(SELECT id FROM campaign_standingdecision WHERE demand_id = NEW.id);
    END IF;
    IF EXISTS (
        SELECT FROM campaign_standingdecision AS decision
        JOIN campaign_demand AS demand ON demand.id = decision.demand_id
        WHERE decision.id = ANY (concerned) AND decision.state = 'checked' AND decision.ended_at IS NULL
            AND decision.standing <> 'unaddressed'
            AND NOT EXISTS (
                SELECT FROM campaign_standingdecision_evidence AS link
                JOIN campaign_entry AS entry ON entry.id = link.entry_id
                WHERE link.standingdecision_id = decision.id AND entry.state = 'checked'
                    AND (entry.kind = 'conduct' OR entry.kind = 'statement'
                        AND (entry.audience = 'public' OR NOT demand.must_be_public))))
    THEN
        RAISE EXCEPTION 'standing_rests_on_evidence: nothing checked bears this standing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_rests_on_evidence';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER standing_rests_on_evidence AFTER INSERT OR UPDATE ON campaign_standingdecision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_standing_rests_on_evidence();
CREATE CONSTRAINT TRIGGER standing_rests_on_evidence AFTER UPDATE OR DELETE ON campaign_standingdecision_evidence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_standing_rests_on_evidence();
CREATE CONSTRAINT TRIGGER standing_rests_on_evidence AFTER UPDATE OF state, kind, audience ON campaign_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_standing_rests_on_evidence();
CREATE CONSTRAINT TRIGGER standing_rests_on_evidence AFTER UPDATE OF must_be_public ON campaign_demand
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaign_standing_rests_on_evidence();
"""
_STANDING_RESTS_NO_MORE = """
DROP TRIGGER standing_rests_on_evidence ON campaign_standingdecision;
DROP TRIGGER standing_rests_on_evidence ON campaign_standingdecision_evidence;
DROP TRIGGER standing_rests_on_evidence ON campaign_entry;
DROP TRIGGER standing_rests_on_evidence ON campaign_demand;
DROP FUNCTION campaign_standing_rests_on_evidence();
"""


class Migration(migrations.Migration):
    replaces = [
        ("campaign", "0001_initial"),
        ("campaign", "0002_mailing"),
        ("campaign", "0003_series"),
        ("campaign", "0004_news_as_checked"),
        ("campaign", "0005_audit_log"),
        ("campaign", "0006_replies"),
        ("campaign", "0007_verifiers"),
        ("campaign", "0008_text_changes"),
        ("campaign", "0009_writing"),
        ("campaign", "0010_removal_decisions"),
        ("campaign", "0011_standings"),
        ("campaign", "0012_standings_carried_over"),
        ("campaign", "0013_evidence"),
        ("campaign", "0014_deliveries"),
        ("campaign", "0015_press_contact"),
        ("campaign", "0016_waves"),
        ("campaign", "0017_delivery_organisations"),
        ("campaign", "0018_steps_put_away"),
        ("campaign", "0019_holders"),
        ("campaign", "0020_turns"),
        ("campaign", "0021_citations"),
        ("campaign", "0022_approvals_of_a_change"),
        ("campaign", "0023_answers_and_openings"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("letters", "0001_squashed_0013_quotable"),
    ]

    operations = [
        CreateTables(
            migrations.CreateModel(
                name="Team",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("name", models.CharField(max_length=120)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                ],
            ),
            migrations.CreateModel(
                name="Campaign",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("slug", models.SlugField(max_length=80, unique=True)),
                    ("title", models.CharField(max_length=200)),
                    ("summary", models.TextField(blank=True)),
                    ("organisers", models.CharField(blank=True, max_length=200)),
                    ("organisers_named", models.BooleanField(default=True)),
                    ("is_example", models.BooleanField(default=False)),
                    ("counts_silence", models.BooleanField(default=True)),
                    ("time_zone", models.CharField(default="UTC", max_length=64)),
                    ("created_at", models.DateTimeField()),
                    (
                        "directory",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.directory"
                        ),
                    ),
                    (
                        "team",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="campaigns", to="campaign.team"
                        ),
                    ),
                    ("mail_held", models.BooleanField(default=False)),
                    ("remind_every", models.PositiveSmallIntegerField(default=14, null=True)),
                    ("last_news_number", models.PositiveIntegerField(db_default=0, default=0)),
                    ("approvals_needed", models.PositiveSmallIntegerField(null=True)),
                    ("press_contact", models.CharField(blank=True, db_default="", default="", max_length=200)),
                    ("steps_put_away", models.BooleanField(db_default=False, default=False)),
                ],
            ),
            migrations.CreateModel(
                name="CampaignLetter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("key", models.SlugField(max_length=80)),
                    ("reply_by", models.DateTimeField(null=True)),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="campaign_letters",
                            to="campaign.campaign",
                        ),
                    ),
                    (
                        "letter",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.letter"
                        ),
                    ),
                    ("closes_at", models.DateTimeField(null=True)),
                    ("goal", models.PositiveIntegerField(null=True)),
                    ("not_opened", models.TextField(blank=True, db_default="")),
                    ("opens_at", models.DateTimeField(null=True)),
                    ("opens_sha256", models.CharField(blank=True, db_default="", max_length=64)),
                    (
                        "outcome",
                        models.CharField(
                            blank=True,
                            choices=[("victory", "Victory"), ("partly", "Partly won"), ("ended", "Ended")],
                            db_default="",
                            max_length=16,
                        ),
                    ),
                    ("outcome_at", models.DateTimeField(null=True)),
                    ("outcome_statement", models.TextField(blank=True, db_default="")),
                    ("not_opened_at", models.DateTimeField(null=True)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("campaign", "key"), name="letter_key_once_in_a_campaign"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("opens_at", None),
                                ("closes_at", None),
                                ("opens_at__lt", models.F("closes_at")),
                                _connector="OR",
                            ),
                            name="letter_opens_before_it_closes",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("outcome", ""), ("outcome_at", None), ("outcome_statement", "")),
                                models.Q(
                                    models.Q(("outcome", ""), _negated=True),
                                    models.Q(("outcome_statement", ""), _negated=True),
                                    ("outcome_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="letter_outcome_has_its_words_and_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("not_opened", ""), ("not_opened_at__isnull", False), _connector="XOR"),
                            name="letter_not_opened_has_its_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("opens_at", None), ("opens_sha256", "")),
                                models.Q(("opens_at__isnull", False), models.Q(("opens_sha256", ""), _negated=True)),
                                _connector="OR",
                            ),
                            name="letter_opens_with_a_named_text",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Demand",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("number", models.PositiveSmallIntegerField()),
                    ("key", models.SlugField(max_length=60)),
                    ("text", models.CharField(max_length=300)),
                    ("must_be_public", models.BooleanField(default=False)),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="demands", to="campaign.campaign"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                            fields=("campaign", "number"),
                            name="demand_number_once_in_a_campaign",
                        ),
                        models.UniqueConstraint(fields=("campaign", "key"), name="demand_key_once_in_a_campaign"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Executive",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("key", models.SlugField(max_length=60)),
                    ("name", models.CharField(blank=True, max_length=120)),
                    ("title", models.CharField(max_length=160)),
                    ("addressed", models.BooleanField(default=True)),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="executives",
                            to="campaign.campaign",
                        ),
                    ),
                    (
                        "employer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.employer"
                        ),
                    ),
                    ("office_address", models.EmailField(blank=True, max_length=254)),
                    (
                        "holder",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="campaign.holder",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("campaign", "key"), name="executive_key_once_in_a_campaign")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Source",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("key", models.SlugField(max_length=60)),
                    ("title", models.CharField(max_length=300)),
                    ("publisher", models.CharField(blank=True, max_length=160)),
                    ("author", models.CharField(blank=True, max_length=160)),
                    ("address", models.URLField(blank=True, max_length=500)),
                    ("published", models.DateField(null=True)),
                    (
                        "published_precision",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("day", "on the day"),
                                ("by", "on or before the day"),
                                ("month", "in the month"),
                                ("year", "in the year"),
                            ],
                            max_length=8,
                        ),
                    ),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="campaign.campaign"
                        ),
                    ),
                    ("archived", models.URLField(blank=True, db_default="", max_length=500)),
                    ("place", models.CharField(blank=True, db_default="", max_length=120)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("campaign", "key"), name="source_key_once_in_a_campaign"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("published__isnull", True), ("published_precision", "")),
                                models.Q(("published__isnull", False), ("published_precision__in", ["day", "by"])),
                                models.Q(
                                    ("published__day", 1),
                                    ("published__isnull", False),
                                    ("published_precision", "month"),
                                ),
                                models.Q(
                                    ("published__day", 1),
                                    ("published__isnull", False),
                                    ("published__month", 1),
                                    ("published_precision", "year"),
                                ),
                                _connector="OR",
                            ),
                            name="source_date_has_its_precision",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Entry",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("key", models.SlugField(max_length=60)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("statement", "statement"),
                                ("conduct", "conduct"),
                                ("silence", "reported silence"),
                                ("reaction", "reaction"),
                                ("position", "earlier position"),
                                ("related_letter", "related letter"),
                                ("event", "event"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("date", models.DateField(null=True)),
                    (
                        "precision",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("day", "on the day"),
                                ("by", "on or before the day"),
                                ("month", "in the month"),
                                ("year", "in the year"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("what", models.TextField(blank=True)),
                    ("channel", models.CharField(blank=True, max_length=120)),
                    ("outlet", models.CharField(blank=True, max_length=120)),
                    (
                        "audience",
                        models.CharField(
                            blank=True, choices=[("public", "public"), ("internal", "internal")], max_length=16
                        ),
                    ),
                    ("reported_by", models.CharField(blank=True, max_length=120)),
                    ("quote", models.TextField(blank=True)),
                    ("also_quoted", models.TextField(blank=True)),
                    ("about", models.TextField(blank=True)),
                    ("says", models.JSONField(default=list)),
                    (
                        "tone",
                        models.CharField(
                            blank=True,
                            choices=[("supportive", "supportive"), ("mixed", "mixed"), ("critical", "critical")],
                            max_length=16,
                        ),
                    ),
                    ("by", models.CharField(blank=True, max_length=160)),
                    ("by_title", models.CharField(blank=True, max_length=160)),
                    ("signatory", models.BooleanField(default=False)),
                    ("title", models.CharField(blank=True, max_length=200)),
                    ("asks", models.TextField(blank=True)),
                    ("criticism", models.TextField(blank=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("recorded", "waits for a second check"),
                                ("checked", "checked"),
                                ("rejected", "rejected"),
                                ("corrected", "corrected"),
                            ],
                            default="recorded",
                            max_length=16,
                        ),
                    ),
                    ("imported", models.BooleanField(default=False)),
                    ("recorded_at", models.DateTimeField()),
                    ("checked_at", models.DateTimeField(null=True)),
                    ("verdict", models.CharField(blank=True, max_length=300)),
                    (
                        "by_employer",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.employer",
                        ),
                    ),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="campaign.campaign"
                        ),
                    ),
                    (
                        "checked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("corrected_at", models.DateTimeField(null=True)),
                    ("correction", models.CharField(blank=True, max_length=300)),
                    (
                        "corrects",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="corrections",
                            to="campaign.entry",
                        ),
                    ),
                    (
                        "known",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("own", "the executive’s own channel"),
                                ("outlet", "a named outlet"),
                                ("leak", "a leak"),
                            ],
                            db_default="",
                            max_length=8,
                        ),
                    ),
                    ("language", models.CharField(blank=True, db_default="", max_length=16)),
                    (
                        "holder",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="campaign.holder",
                        ),
                    ),
                    (
                        "earlier",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.RESTRICT,
                            related_name="turned_by",
                            to="campaign.entry",
                        ),
                    ),
                    (
                        "turn",
                        models.CharField(
                            blank=True,
                            choices=[("withdraws", "withdraws it"), ("contradicts", "contradicts it")],
                            db_default="",
                            max_length=12,
                        ),
                    ),
                    ("executives", models.ManyToManyField(blank=True, related_name="entries", to="campaign.executive")),
                    (
                        "sources",
                        models.ManyToManyField(
                            blank=True, related_name="entries", through="campaign.Citation", to="campaign.source"
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "entries",
                    "indexes": [models.Index(fields=["campaign", "state", "kind"], name="entry_of_campaign")],
                    "constraints": [
                        models.UniqueConstraint(fields=("campaign", "key"), name="entry_key_once_in_a_campaign"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("date__isnull", True), ("precision", "")),
                                models.Q(("date__isnull", False), ("precision__in", ["day", "by"])),
                                models.Q(("date__day", 1), ("date__isnull", False), ("precision", "month")),
                                models.Q(
                                    ("date__day", 1), ("date__isnull", False), ("date__month", 1), ("precision", "year")
                                ),
                                _connector="OR",
                            ),
                            name="entry_date_has_its_precision",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("checked_at__isnull", True), ("state", "recorded")),
                                models.Q(models.Q(("state", "recorded"), _negated=True), ("checked_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="entry_checked_has_its_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("checked_by__isnull", True),
                                ("recorded_by__isnull", True),
                                models.Q(("checked_by", models.F("recorded_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="entry_is_checked_by_a_second_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "statement"), _negated=True),
                                models.Q(("audience", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="entry_statement_has_an_audience",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("earlier__isnull", True), ("turn", "")),
                                models.Q(
                                    ("earlier__isnull", False),
                                    ("kind", "statement"),
                                    models.Q(("turn", ""), _negated=True),
                                    models.Q(("earlier", models.F("id")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="entry_turns_against_an_earlier_statement",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("corrected_at__isnull", False),
                                    ("state", "corrected"),
                                    models.Q(("correction", ""), _negated=True),
                                ),
                                models.Q(
                                    models.Q(("state", "corrected"), _negated=True), ("corrected_at__isnull", True)
                                ),
                                _connector="OR",
                            ),
                            name="entry_corrected_has_its_moment_and_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "silence"), _negated=True), ("date__isnull", False), _connector="OR"
                            ),
                            name="entry_silence_has_its_day",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Bearing",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "said",
                        models.CharField(
                            choices=[
                                ("met", "does it"),
                                ("partly", "does part of it"),
                                ("acknowledged", "acknowledges it"),
                                ("refused", "refuses it"),
                                ("none_held", "claims that it does not apply"),
                                ("not_public", "speaks to it, but not in public"),
                            ],
                            max_length=16,
                        ),
                    ),
                    (
                        "demand",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="bearings", to="campaign.demand"
                        ),
                    ),
                    (
                        "entry",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="bearings", to="campaign.entry"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("entry", "demand"), name="bearing_once_in_an_entry")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Office",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("title", models.CharField(max_length=160)),
                    ("name", models.CharField(blank=True, max_length=120)),
                    (
                        "employer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.employer"
                        ),
                    ),
                    (
                        "entry",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="offices", to="campaign.entry"
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Reminder",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("no_answer", "the reply-by date has passed without an answer"),
                                ("second_check", "something on the record waits for a second check"),
                                ("closing_soon", "a letter is about to close"),
                                ("idle_draft", "a draft has not moved for a while"),
                                ("comments", "somebody answered in a thread of yours"),
                                ("not_opened", "a letter did not open by itself"),
                                ("milestone", "a letter reached a number"),
                                ("outreach_ready", "an office may be asked again"),
                                ("replies", "a reply or a report of an error waits"),
                                ("review", "names or evidence wait for a reviewer"),
                                ("wave", "many more signatures than usual came in"),
                                ("news", "news for followers"),
                                ("outreach", "a question to an executive’s office"),
                            ],
                            max_length=24,
                        ),
                    ),
                    (
                        "audience",
                        models.CharField(
                            choices=[
                                ("team", "the team"),
                                ("followers", "followers"),
                                ("office", "the executive’s office"),
                            ],
                            max_length=16,
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("planned", "planned"),
                                ("held", "held"),
                                ("sent", "sent"),
                                ("cancelled", "cancelled"),
                            ],
                            default="planned",
                            max_length=16,
                        ),
                    ),
                    ("due_at", models.DateTimeField()),
                    ("reason", models.CharField(blank=True, max_length=300)),
                    ("over_at", models.DateTimeField(null=True)),
                    ("recipients", models.PositiveSmallIntegerField(null=True)),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reminders",
                            to="campaign.campaignletter",
                        ),
                    ),
                    (
                        "cancelled_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("asked_for", models.DateTimeField()),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reminders",
                            to="campaign.campaign",
                        ),
                    ),
                    (
                        "executive",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reminders",
                            to="campaign.executive",
                        ),
                    ),
                    (
                        "moved_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("times", models.PositiveSmallIntegerField(default=1)),
                    (
                        "news",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reminders",
                            to="campaign.news",
                        ),
                    ),
                    (
                        "outreach",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reminders",
                            to="campaign.outreach",
                        ),
                    ),
                    ("ends_series", models.BooleanField(default=False)),
                ],
                options={
                    "indexes": [
                        models.Index(condition=models.Q(("state", "planned")), fields=["due_at"], name="reminder_due"),
                        models.Index(fields=["campaign", "-over_at"], name="reminder_history"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["planned", "held"])),
                            fields=("campaign", "campaign_letter", "executive", "news", "outreach", "kind", "audience"),
                            name="reminder_one_live_for_each_subject",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("campaign_letter__isnull", False),
                                    (
                                        "kind__in",
                                        ["no_answer", "closing_soon", "idle_draft", "wave", "comments", "not_opened"],
                                    ),
                                ),
                                models.Q(
                                    ("campaign_letter__isnull", False), ("kind", "milestone"), ("news__isnull", False)
                                ),
                                ("kind__in", ["second_check", "replies", "review"]),
                                models.Q(("executive__isnull", False), ("kind", "outreach_ready")),
                                models.Q(("kind", "news"), ("news__isnull", False)),
                                models.Q(
                                    ("executive__isnull", False), ("kind", "outreach"), ("outreach__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="reminder_is_about_what_its_kind_says",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("over_at__isnull", True), ("state__in", ["planned", "held"])),
                                models.Q(("over_at__isnull", False), ("state__in", ["sent", "cancelled"])),
                                _connector="OR",
                            ),
                            name="reminder_over_has_its_moment",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Membership",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("owner", "owner"),
                                ("editor", "editor"),
                                ("verifier", "verifier"),
                                ("tracker", "tracker"),
                                ("viewer", "viewer"),
                            ],
                            max_length=16,
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="memberships",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "team",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="campaign.team"
                        ),
                    ),
                ],
                options={
                    "constraints": [models.UniqueConstraint(fields=("team", "user"), name="member_once_in_a_team")],
                },
            ),
            migrations.CreateModel(
                name="Invitation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("email", models.EmailField(max_length=254)),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("owner", "owner"),
                                ("editor", "editor"),
                                ("verifier", "verifier"),
                                ("tracker", "tracker"),
                                ("viewer", "viewer"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("invited_at", models.DateTimeField()),
                    (
                        "invited_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "team",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="campaign.team"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("team", "email"), name="invitation_once_in_a_team")
                    ],
                },
            ),
            migrations.CreateModel(
                name="MemberSettings",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("time_zone", models.CharField(blank=True, max_length=64)),
                    ("quiet_from", models.PositiveSmallIntegerField(default=21)),
                    ("quiet_until", models.PositiveSmallIntegerField(default=8)),
                    ("once_a_day", models.BooleanField(default=False)),
                    ("most_a_day", models.PositiveSmallIntegerField(default=5)),
                    ("unwanted", models.JSONField(default=list)),
                    (
                        "user",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="member_settings",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "member settings",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("quiet_from__lte", 23), ("quiet_until__lte", 23)),
                            name="member_settings_hours_are_hours",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("most_a_day__gte", 1)), name="member_settings_allow_a_mail"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Milestone",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("number", models.PositiveIntegerField()),
                    ("reached_at", models.DateTimeField()),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="milestones",
                            to="campaign.campaignletter",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("campaign_letter", "number"), name="milestone_once_in_a_letter")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Update",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("title", models.CharField(max_length=160)),
                    ("body", models.TextField()),
                    ("published_at", models.DateTimeField()),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="updates", to="campaign.campaign"
                        ),
                    ),
                    (
                        "published_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="News",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("standing", "a standing changed"),
                                ("milestone", "a letter reached a number"),
                                ("update", "an update"),
                                ("text", "a letter asks something else"),
                                ("delivered", "a letter was delivered, or ended"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("number", models.PositiveIntegerField(null=True)),
                    ("happened_at", models.DateTimeField()),
                    ("before", models.CharField(blank=True, max_length=16)),
                    ("after", models.CharField(blank=True, max_length=16)),
                    ("reached", models.PositiveIntegerField(null=True)),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="news", to="campaign.campaign"
                        ),
                    ),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="campaign.campaignletter",
                        ),
                    ),
                    (
                        "demand",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="campaign.demand",
                        ),
                    ),
                    (
                        "executive",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="campaign.executive",
                        ),
                    ),
                    (
                        "update",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="campaign.update",
                        ),
                    ),
                    ("who", models.TextField(blank=True, db_default="")),
                    ("what", models.CharField(blank=True, db_default="", max_length=300)),
                    ("dropped", models.BooleanField(db_default=False, default=False)),
                ],
                options={
                    "verbose_name_plural": "news",
                    "constraints": [
                        models.UniqueConstraint(fields=("campaign", "number"), name="news_number_once_in_a_campaign"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("demand__isnull", False),
                                    ("executive__isnull", False),
                                    ("kind", "standing"),
                                    models.Q(("after", ""), _negated=True),
                                ),
                                models.Q(
                                    ("campaign_letter__isnull", False),
                                    ("kind", "milestone"),
                                    ("reached__isnull", False),
                                ),
                                models.Q(("kind", "update"), ("update__isnull", False)),
                                models.Q(
                                    ("campaign_letter__isnull", False),
                                    ("kind__in", ["text", "delivered"]),
                                    models.Q(("what", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="news_is_about_what_its_kind_says",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Notice",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[("waiting", "Waiting"), ("mailed", "Mailed"), ("dropped", "Dropped")],
                            default="waiting",
                            max_length=16,
                        ),
                    ),
                    ("due_at", models.DateTimeField()),
                    ("mailed_at", models.DateTimeField(null=True)),
                    ("mail_key", models.CharField(blank=True, max_length=80)),
                    (
                        "reminder",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="campaign.reminder"
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="notices",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="notice_due")
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("reminder", "user"), name="notice_once_for_a_person"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("mailed_at__isnull", False),
                                    ("state", "mailed"),
                                    models.Q(("mail_key", ""), _negated=True),
                                ),
                                models.Q(
                                    models.Q(("state", "mailed"), _negated=True),
                                    ("mail_key", ""),
                                    ("mailed_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="notice_mailed_has_its_moment",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Outreach",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("subject", models.CharField(max_length=160)),
                    ("body", models.TextField()),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "draft"),
                                ("released", "released"),
                                ("sent", "sent"),
                                ("uncertain", "perhaps delivered"),
                                ("failed", "not delivered"),
                                ("stopped", "stopped"),
                            ],
                            default="draft",
                            max_length=16,
                        ),
                    ),
                    ("drafted_at", models.DateTimeField()),
                    ("released_at", models.DateTimeField(null=True)),
                    ("sent_at", models.DateTimeField(null=True)),
                    ("reason", models.CharField(blank=True, max_length=160)),
                    (
                        "executive",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="outreach",
                            to="campaign.executive",
                        ),
                    ),
                    (
                        "released_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "outreach",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["draft", "released"])),
                            fields=("executive",),
                            name="outreach_one_under_way_for_an_executive",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["released", "sent", "uncertain", "failed"]), _negated=True),
                                ("released_at__isnull", False),
                                _connector="OR",
                            ),
                            name="outreach_sent_was_released",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["sent", "uncertain"]), ("sent_at__isnull", True), _connector="XOR"
                            ),
                            name="outreach_sent_has_its_moment",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="AuditEntry",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("at", models.DateTimeField()),
                    ("by_person", models.BooleanField()),
                    ("what", models.CharField(max_length=40)),
                    ("about", models.CharField(max_length=300)),
                    ("reason", models.CharField(blank=True, max_length=500)),
                    ("count", models.PositiveIntegerField(null=True)),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="audit_entries",
                            to="campaign.campaign",
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "audit entries",
                    "indexes": [models.Index(fields=["campaign", "-id"], name="audit_newest")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("by__isnull", True), ("by_person", True), _connector="OR"),
                            name="audit_entry_of_a_member_is_by_a_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("about__regex", "[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@<>]+"), _negated=True),
                                models.Q(("reason__regex", "[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@<>]+"), _negated=True),
                            ),
                            name="audit_entry_names_no_address",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReplyAddress",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("made_at", models.DateTimeField()),
                    ("expires_at", models.DateTimeField()),
                    ("by_mail", models.BooleanField(default=False)),
                    ("revoked_at", models.DateTimeField(null=True)),
                    ("used_at", models.DateTimeField(null=True)),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="campaign.campaignletter"
                        ),
                    ),
                    (
                        "executive",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reply_addresses",
                            to="campaign.executive",
                        ),
                    ),
                    (
                        "made_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "reply addresses",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("revoked_at__isnull", True), ("used_at__isnull", True)),
                            fields=("executive", "campaign_letter"),
                            name="reply_address_one_live_for_an_office_and_letter",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("expires_at__gt", models.F("made_at"))),
                            name="reply_address_expires_after_it_was_made",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("revoked_at__isnull", True), ("used_at__isnull", True), _connector="OR"
                            ),
                            name="reply_address_was_revoked_or_used",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Attachment",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=120)),
                    ("kind", models.CharField(max_length=40)),
                    ("size", models.PositiveIntegerField()),
                    ("sha256", models.CharField(max_length=64)),
                    (
                        "address",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="attachments",
                            to="campaign.replyaddress",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Submission",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("answer", "answer of an office"),
                                ("dispute", "dispute by an office"),
                                ("error", "report of an error"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("words", models.TextField(blank=True)),
                    ("source", models.TextField(blank=True)),
                    ("signed_as", models.CharField(blank=True, max_length=200)),
                    ("received_at", models.DateTimeField()),
                    ("due_at", models.DateTimeField()),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "waits for a decision"),
                                ("decided", "waits for a second check"),
                                ("settled", "settled"),
                            ],
                            default="waiting",
                            max_length=16,
                        ),
                    ),
                    (
                        "outcome",
                        models.CharField(
                            blank=True,
                            choices=[("accepted", "accepted"), ("partly", "accepted in part"), ("refused", "refused")],
                            max_length=16,
                        ),
                    ),
                    ("reason", models.TextField(blank=True)),
                    ("decided_at", models.DateTimeField(null=True)),
                    ("settled_at", models.DateTimeField(null=True)),
                    (
                        "address",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="submissions",
                            to="campaign.replyaddress",
                        ),
                    ),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="submissions",
                            to="campaign.campaign",
                        ),
                    ),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "entry",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="submissions",
                            to="campaign.entry",
                        ),
                    ),
                    (
                        "executive",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="submissions",
                            to="campaign.executive",
                        ),
                    ),
                    (
                        "result",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="campaign.entry",
                        ),
                    ),
                    (
                        "settled_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["campaign", "state", "due_at"], name="submission_of_campaign")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("address__isnull", False),
                                    ("entry__isnull", True),
                                    ("executive__isnull", False),
                                    ("kind", "answer"),
                                ),
                                models.Q(
                                    ("address__isnull", False),
                                    ("entry__isnull", False),
                                    ("executive__isnull", False),
                                    ("kind", "dispute"),
                                ),
                                models.Q(("address__isnull", True), ("kind", "error"), ("signed_as", "")),
                                _connector="OR",
                            ),
                            name="submission_comes_the_way_of_its_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("decided_at__isnull", True),
                                    ("outcome", ""),
                                    ("settled_at__isnull", True),
                                    ("state", "waiting"),
                                ),
                                models.Q(
                                    ("decided_at__isnull", False),
                                    ("settled_at__isnull", True),
                                    ("state", "decided"),
                                    models.Q(("outcome", ""), _negated=True),
                                ),
                                models.Q(
                                    ("decided_at__isnull", False),
                                    ("settled_at__isnull", False),
                                    ("state", "settled"),
                                    models.Q(("outcome", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="submission_decided_has_outcome_and_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("settled_by__isnull", True),
                                ("decided_by__isnull", True),
                                models.Q(("settled_by", models.F("decided_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="submission_is_confirmed_by_a_second_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("outcome", "refused"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="submission_is_not_refused_without_a_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "error"), ("state", "settled"), _negated=True),
                                models.Q(("source", ""), ("words", "")),
                                _connector="OR",
                            ),
                            name="submission_of_a_reader_is_forgotten",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="TextChange",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "kind",
                        models.CharField(choices=[("correction", "correction"), ("change", "change")], max_length=16),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("proposed", "waits for approval"),
                                ("announced", "announced"),
                                ("in_force", "in force"),
                                ("dropped", "dropped"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("sha256", models.CharField(max_length=64)),
                    ("note", models.CharField(max_length=300)),
                    ("declared_at", models.DateTimeField()),
                    ("approved_at", models.DateTimeField(null=True)),
                    ("seconded_at", models.DateTimeField(null=True)),
                    ("in_force_at", models.DateTimeField(null=True)),
                    ("over_at", models.DateTimeField(null=True)),
                    (
                        "approved_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="text_changes",
                            to="campaign.campaignletter",
                        ),
                    ),
                    (
                        "declared_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "seconded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="letters.version",
                        ),
                    ),
                    ("needed", models.PositiveSmallIntegerField(db_default=2, default=2)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["proposed", "announced"])),
                            fields=("campaign_letter",),
                            name="text_change_one_under_way_for_a_letter",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("approved_by__isnull", True),
                                    ("declared_by__isnull", True),
                                    models.Q(("approved_by", models.F("declared_by")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("seconded_by__isnull", True),
                                    ("declared_by__isnull", True),
                                    models.Q(("seconded_by", models.F("declared_by")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("seconded_by__isnull", True),
                                    ("approved_by__isnull", True),
                                    models.Q(("seconded_by", models.F("approved_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            name="text_change_is_approved_by_others_than_who_declared_it",
                        ),
                        models.CheckConstraint(
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
                        models.CheckConstraint(
                            condition=models.Q(("needed__in", [1, 2])), name="text_change_needs_one_or_two"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("in_force_at__isnull", True),
                                    ("kind", "change"),
                                    ("state", "proposed"),
                                    ("version__isnull", True),
                                ),
                                models.Q(
                                    ("in_force_at__isnull", False),
                                    ("state__in", ["announced", "in_force"]),
                                    ("version__isnull", False),
                                ),
                                ("state", "dropped"),
                                _connector="OR",
                            ),
                            name="text_change_that_anybody_sees_has_a_version_and_a_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["in_force", "dropped"]), ("over_at__isnull", True), _connector="XOR"
                            ),
                            name="text_change_over_has_its_moment",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SavedText",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="saved_texts",
                            to="campaign.campaignletter",
                        ),
                    ),
                    ("language", models.CharField(max_length=16)),
                    (
                        "author",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "accepted_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("began_from", models.PositiveIntegerField()),
                    ("revision", models.PositiveIntegerField(null=True)),
                    ("title", models.TextField(blank=True)),
                    ("body", models.TextField(blank=True)),
                    ("demands", models.JSONField(default=list)),
                    ("saved_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("campaign_letter", "language", "revision"), name="saved_text_once_for_a_revision"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("revision__isnull", True),
                                (
                                    "revision",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("began_from"), "+", models.Value(1)
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="saved_text_comes_next_after_what_it_began_from",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Comment",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="comments",
                            to="campaign.campaignletter",
                        ),
                    ),
                    ("language", models.CharField(max_length=16)),
                    (
                        "author",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("quote", models.TextField()),
                    ("before", models.TextField(blank=True)),
                    ("after", models.TextField(blank=True)),
                    ("position", models.PositiveIntegerField()),
                    ("body", models.TextField(blank=True)),
                    ("replacement", models.TextField(null=True)),
                    ("said_at", models.DateTimeField()),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "open"),
                                ("resolved", "resolved"),
                                ("accepted", "accepted"),
                                ("declined", "declined"),
                            ],
                            default="open",
                            max_length=16,
                        ),
                    ),
                    (
                        "settled_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("settled_at", models.DateTimeField(null=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("quote", ""), _negated=True), name="comment_is_about_some_words"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("body", ""), _negated=True), ("replacement__isnull", False), _connector="OR"
                            ),
                            name="comment_says_something",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("settled_at__isnull", True), ("state", "open")),
                                models.Q(models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="comment_settled_has_a_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                                ("replacement__isnull", False),
                                _connector="OR",
                            ),
                            name="comment_accepted_had_other_words",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CommentReply",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "comment",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="campaign.comment"
                        ),
                    ),
                    (
                        "author",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("body", models.TextField()),
                    ("said_at", models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name="Approval",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="approvals",
                            to="campaign.campaignletter",
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("sha256", models.CharField(max_length=64)),
                    ("approved_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("campaign_letter", "member", "sha256"), name="approval_once_by_a_member_for_a_text"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="RemovalDecision",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="removal_decisions",
                            to="campaign.campaignletter",
                        ),
                    ),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "proposed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "removal",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.removal"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("confirmed_by__isnull", True),
                                ("proposed_by__isnull", True),
                                models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="removal_is_not_confirmed_by_its_proposer",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Shown",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("subject", models.CharField(max_length=80)),
                    ("content", models.JSONField()),
                    ("since", models.DateTimeField()),
                    ("until", models.DateTimeField(null=True)),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="shown", to="campaign.campaign"
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "shown",
                    "indexes": [models.Index(fields=["campaign", "since"], name="shown_of_campaign")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("until__isnull", True)),
                            fields=("campaign", "subject"),
                            name="shown_once_at_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                            ),
                            name="shown_ends_after_it_began",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="StandingDecision",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    (
                        "standing",
                        models.CharField(
                            choices=[
                                ("unaddressed", "unaddressed"),
                                ("acknowledged", "acknowledged"),
                                ("partly", "partly met"),
                                ("met", "met"),
                                ("refused", "refused"),
                                ("not-applicable", "claims not applicable"),
                                ("contradictory", "contradictory"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("reason", models.TextField()),
                    ("as_of", models.DateField(null=True)),
                    ("who", models.TextField()),
                    ("what", models.CharField(max_length=300)),
                    ("imported", models.BooleanField(default=False)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "waits for a second check"),
                                ("checked", "checked"),
                                ("rejected", "rejected"),
                            ],
                            default="waiting",
                            max_length=16,
                        ),
                    ),
                    ("decided_at", models.DateTimeField()),
                    ("checked_at", models.DateTimeField(null=True)),
                    ("verdict", models.CharField(blank=True, max_length=300)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("ended_because", models.CharField(blank=True, max_length=300)),
                    (
                        "checked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "demand",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.RESTRICT, related_name="decisions", to="campaign.demand"
                        ),
                    ),
                    (
                        "executive",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="decisions",
                            to="campaign.executive",
                        ),
                    ),
                    (
                        "holder",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.RESTRICT,
                            related_name="+",
                            to="campaign.holder",
                        ),
                    ),
                    ("evidence", models.ManyToManyField(blank=True, related_name="decisions", to="campaign.entry")),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at__isnull", True), ("state", "checked")),
                            fields=("executive", "demand", "holder"),
                            name="standing_once_in_a_cell",
                            nulls_distinct=False,
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "waiting")),
                            fields=("executive", "demand", "holder"),
                            name="standing_waits_once_in_a_cell",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("checked_at__isnull", True), ("state", "waiting")),
                                models.Q(models.Q(("state", "waiting"), _negated=True), ("checked_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="standing_checked_has_its_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "checked"), _negated=True),
                                ("checked_by__isnull", True),
                                ("decided_by__isnull", True),
                                models.Q(("checked_by", models.F("decided_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="standing_is_checked_by_a_second_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reason", ""), _negated=True), name="standing_has_a_reason"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("ended_at__isnull", True), ("state", "checked"), _connector="OR"),
                            name="standing_that_ended_was_shown",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="EntryDraft",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("statement", "statement"),
                                ("conduct", "conduct"),
                                ("silence", "reported silence"),
                                ("reaction", "reaction"),
                                ("position", "earlier position"),
                                ("related_letter", "related letter"),
                                ("event", "event"),
                            ],
                            max_length=16,
                        ),
                    ),
                    ("typed", models.JSONField()),
                    ("saved_at", models.DateTimeField()),
                    (
                        "campaign",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="entry_drafts",
                            to="campaign.campaign",
                        ),
                    ),
                    (
                        "saved_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Capture",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=120)),
                    ("kind", models.CharField(max_length=40)),
                    ("size", models.PositiveIntegerField()),
                    ("sha256", models.CharField(max_length=64)),
                    ("added_at", models.DateTimeField()),
                    (
                        "source",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="captures", to="campaign.source"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="capture_has_its_hash"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Delivery",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("delivered_on", models.DateField()),
                    ("how", models.CharField(max_length=200)),
                    ("to_whom", models.CharField(max_length=300)),
                    ("public", models.PositiveIntegerField()),
                    ("names", models.PositiveIntegerField()),
                    ("confidential", models.PositiveIntegerField()),
                    ("recorded_at", models.DateTimeField()),
                    ("tries", models.PositiveSmallIntegerField(default=0)),
                    ("text_sha256", models.CharField(blank=True, max_length=64)),
                    ("pdf", models.BinaryField(null=True)),
                    ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                    (
                        "campaign_letter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="deliveries",
                            to="campaign.campaignletter",
                        ),
                    ),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.version"
                        ),
                    ),
                    ("organisations", models.PositiveIntegerField(db_default=0, default=0)),
                ],
                options={
                    "verbose_name_plural": "deliveries",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("campaign_letter", "delivered_on", "to_whom"),
                            name="delivery_once_a_day_to_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("pdf__isnull", True), models.Q(("pdf_sha256", ""), _negated=True), _connector="OR"
                            ),
                            name="delivery_on_paper_has_its_name",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Holder",
                fields=[
                    ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ("key", models.SlugField(max_length=80)),
                    ("name", models.CharField(blank=True, max_length=120)),
                    ("since", models.DateField(null=True)),
                    (
                        "precision",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("day", "on the day"),
                                ("by", "on or before the day"),
                                ("month", "in the month"),
                                ("year", "in the year"),
                            ],
                            max_length=8,
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "waits for a second check"),
                                ("checked", "checked"),
                                ("rejected", "rejected"),
                                ("withdrawn", "taken back"),
                            ],
                            default="waiting",
                            max_length=16,
                        ),
                    ),
                    ("imported", models.BooleanField(default=False)),
                    ("recorded_at", models.DateTimeField()),
                    ("checked_at", models.DateTimeField(null=True)),
                    ("verdict", models.CharField(blank=True, max_length=300)),
                    ("withdrawn_at", models.DateTimeField(null=True)),
                    (
                        "checked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "executive",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="holders", to="campaign.executive"
                        ),
                    ),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.RESTRICT,
                            related_name="+",
                            to="campaign.source",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("executive", "key"), name="holder_key_once_in_an_office"),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "checked")),
                            fields=("executive", "since"),
                            name="holder_once_on_a_day",
                            nulls_distinct=False,
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "waiting")), fields=("executive",), name="holder_waits_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("precision", ""), ("since__isnull", True)),
                                models.Q(("precision__in", ["day", "by"]), ("since__isnull", False)),
                                models.Q(("precision", "month"), ("since__day", 1), ("since__isnull", False)),
                                models.Q(
                                    ("precision", "year"),
                                    ("since__day", 1),
                                    ("since__isnull", False),
                                    ("since__month", 1),
                                ),
                                _connector="OR",
                            ),
                            name="holder_date_has_its_precision",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("since__isnull", True), ("source__isnull", False), _connector="OR"),
                            name="holder_who_came_has_a_source",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("checked_at__isnull", True), ("state", "waiting")),
                                models.Q(models.Q(("state", "waiting"), _negated=True), ("checked_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="holder_checked_has_its_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "checked"), _negated=True),
                                ("checked_by__isnull", True),
                                ("recorded_by__isnull", True),
                                models.Q(("checked_by", models.F("recorded_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="holder_is_checked_by_a_second_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state", "withdrawn"),
                                    ("withdrawn_at__isnull", False),
                                    models.Q(("verdict", ""), _negated=True),
                                ),
                                models.Q(
                                    models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at__isnull", True)
                                ),
                                _connector="OR",
                            ),
                            name="holder_withdrawn_has_its_moment_and_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Citation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    (
                        "entry",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="citations", to="campaign.entry"
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="citations", to="campaign.source"
                        ),
                    ),
                    ("place", models.CharField(blank=True, db_default="", max_length=120)),
                ],
                options={
                    "db_table": "campaign_entry_sources",
                    "unique_together": {("entry", "source")},
                },
            ),
        ),
        migrations.RunSQL(_AUDIT_STANDS_STILL, _AUDIT_MOVES_AGAIN),
        migrations.RunSQL(_SAVED_TEXT_STANDS_STILL, _SAVED_TEXT_MOVES_AGAIN),
        migrations.RunSQL(_STANDING_RESTS_ON_EVIDENCE, _STANDING_RESTS_NO_MORE),
    ]
