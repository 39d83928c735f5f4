"""Sign-ups, profiles, mentors and tables of companies.

Protects: a sign-up takes only the steps of its life and stays what was decided of it; a submission is decided once, for ever; a line of a table is
judged once. Locks nothing that exists. Needs pg_trgm, which the members' migration makes. Fails nowhere else: it makes tables.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

STEPS = """
CREATE FUNCTION profiles_signup_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (CASE OLD.state
        WHEN 'draft' THEN NEW.state IN ('submitted', 'withdrawn')
        WHEN 'submitted' THEN NEW.state IN ('verified', 'returned', 'refused', 'withdrawn')
        WHEN 'returned' THEN NEW.state IN ('submitted', 'withdrawn')
        ELSE false END) THEN
        RAISE EXCEPTION 'a sign-up does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'profiles_signup_steps';
    END IF;
    IF OLD.state IN ('submitted', 'verified', 'refused')
        AND (NEW.kind, NEW.country, NEW.region_id, NEW.names, NEW.registration_number, NEW.turn)
            IS DISTINCT FROM (OLD.kind, OLD.country, OLD.region_id, OLD.names, OLD.registration_number, OLD.turn) THEN
        RAISE EXCEPTION 'sign-up % stays what was handed in', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'profiles_signup_kept';
    END IF;
    IF OLD.state = 'verified' AND NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN
        RAISE EXCEPTION 'sign-up % stays with its organisation', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'profiles_signup_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER profiles_signup_changes AFTER UPDATE ON profiles_signup
    FOR EACH ROW EXECUTE FUNCTION profiles_signup_changes();

CREATE FUNCTION profiles_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;
CREATE TRIGGER profiles_signupdecision_kept BEFORE UPDATE OR DELETE ON profiles_signupdecision
    FOR EACH ROW EXECUTE FUNCTION profiles_never();
CREATE TRIGGER profiles_importline_judged BEFORE UPDATE ON profiles_importline FOR EACH ROW
    WHEN (OLD.judged_at IS NOT NULL AND (NEW.outcome, NEW.organisation_id, NEW.judged_at)
        IS DISTINCT FROM (OLD.outcome, OLD.organisation_id, OLD.judged_at))
    EXECUTE FUNCTION profiles_never();
"""

UNDO = "DROP FUNCTION profiles_signup_changes, profiles_never CASCADE;"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0004_withdrawn_organisations"),
        ("people", "__first__"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="CompanyImport",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("name", models.TextField()),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Profile",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField(default="hidden")),
                    ("makes", models.JSONField(default=dict)),
                    ("stage", models.TextField(blank=True, default="")),
                    ("trl", models.SmallIntegerField(null=True)),
                    ("size", models.TextField(blank=True, default="")),
                    ("founded", models.SmallIntegerField(null=True)),
                    (
                        "markets",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=2), default=list, size=None
                        ),
                    ),
                    ("published_at", models.DateTimeField(null=True)),
                    ("withdrawn_at", models.DateTimeField(null=True)),
                    ("changed_at", models.DateTimeField()),
                    ("kind", models.TextField()),
                    (
                        "region_path",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    (
                        "sector_path",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("sort_fa", models.BinaryField(default=b"")),
                    ("sort_vi", models.BinaryField(default=b"")),
                    ("sort_en", models.BinaryField(default=b"")),
                    ("search_key", models.TextField(blank=True, default="")),
                    (
                        "organisation",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.organisation"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "published")),
                            fields=["sort_fa", "id"],
                            name="profiles_profile_by_fa",
                        ),
                        models.Index(
                            condition=models.Q(("state", "published")),
                            fields=["sort_vi", "id"],
                            name="profiles_profile_by_vi",
                        ),
                        models.Index(
                            condition=models.Q(("state", "published")),
                            fields=["sort_en", "id"],
                            name="profiles_profile_by_en",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            condition=models.Q(("state", "published")),
                            fields=["region_path"],
                            name="profiles_profile_region",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            condition=models.Q(("state", "published")),
                            fields=["sector_path"],
                            name="profiles_profile_sector",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            fields=["search_key"], name="profiles_profile_search", opclasses=["gin_trgm_ops"]
                        ),
                        models.Index(
                            condition=models.Q(("state", "published")), fields=["kind"], name="profiles_profile_of_kind"
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["hidden", "published", "withdrawn"])),
                            name="profiles_profile_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "company_creative",
                                        "company_industry",
                                        "company_knowledge",
                                        "company_startup",
                                        "accelerator",
                                        "investor",
                                        "university",
                                    ],
                                )
                            ),
                            name="profiles_profile_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("stage", ""),
                                ("stage__in", ["idea", "prototype", "first_sales", "growth", "established"]),
                                _connector="OR",
                            ),
                            name="profiles_profile_stage",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("trl__isnull", True), ("trl__range", (1, 9)), _connector="OR"),
                            name="profiles_profile_trl",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("size", ""), ("size__in", ["1-9", "10-49", "50-249", "250+"]), _connector="OR"
                            ),
                            name="profiles_profile_size",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "published"), _negated=True),
                                ("published_at__isnull", False),
                                _connector="OR",
                            ),
                            name="profiles_profile_published",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                                models.Q(
                                    models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at__isnull", True)
                                ),
                                _connector="OR",
                            ),
                            name="profiles_profile_withdrawn",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Product",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("names", models.JSONField(default=dict)),
                    ("texts", models.JSONField(default=dict)),
                    ("trl", models.SmallIntegerField(null=True)),
                    ("website", models.TextField(blank=True, default="")),
                    ("position", models.SmallIntegerField(default=1)),
                    ("small", models.CharField(blank=True, default="", max_length=64)),
                    ("large", models.CharField(blank=True, default="", max_length=64)),
                    ("width", models.IntegerField(default=0)),
                    ("height", models.IntegerField(default=0)),
                    ("alts", models.JSONField(default=dict)),
                    ("made_key", models.TextField(unique=True)),
                    (
                        "profile",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="products", to="profiles.profile"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("trl__isnull", True), ("trl__range", (1, 9)), _connector="OR"),
                            name="profiles_product_trl",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("height", 0), ("large", ""), ("small", ""), ("width", 0)),
                                models.Q(
                                    models.Q(("small", ""), _negated=True),
                                    models.Q(("large", ""), _negated=True),
                                    ("height__gt", 0),
                                    ("width__gt", 0),
                                ),
                                _connector="OR",
                            ),
                            name="profiles_product_picture",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ShownPerson",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("titles", models.JSONField(default=dict)),
                    ("state", models.TextField(default="asked")),
                    ("asked_at", models.DateTimeField()),
                    ("answered_at", models.DateTimeField(null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "profile",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="people", to="profiles.profile"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("profile", "account"), name="profiles_shownperson_once"),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["asked", "consented", "declined"])),
                            name="profiles_shownperson_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state", "asked"), ("answered_at__isnull", False), _connector="OR"),
                            name="profiles_shownperson_answered",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SignUp",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.TextField(default="draft")),
                    ("kind", models.TextField()),
                    ("country", models.CharField(max_length=2)),
                    ("names", models.JSONField(default=dict)),
                    ("registration_number", models.TextField(blank=True, default="")),
                    (
                        "sectors",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "capabilities",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("descriptions", models.JSONField(default=dict)),
                    ("address", models.TextField(blank=True, default="")),
                    ("phone", models.TextField(blank=True, default="")),
                    ("email", models.TextField(blank=True, default="")),
                    ("website", models.TextField(blank=True, default="")),
                    ("note", models.TextField(blank=True, default="")),
                    ("turn", models.SmallIntegerField(default=0)),
                    ("made_key", models.TextField(unique=True)),
                    ("made_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    ("submitted_at", models.DateTimeField(null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "claims",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.region"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "submitted")),
                            fields=["submitted_at"],
                            name="profiles_signup_waiting",
                        ),
                        models.Index(
                            condition=models.Q(("state__in", ["draft", "submitted", "returned"])),
                            fields=["account"],
                            name="profiles_signup_open",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["draft", "submitted", "returned", "verified", "refused", "withdrawn"])
                            ),
                            name="profiles_signup_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "kind__in",
                                    [
                                        "company_creative",
                                        "company_industry",
                                        "company_knowledge",
                                        "company_startup",
                                        "accelerator",
                                        "investor",
                                        "university",
                                    ],
                                )
                            ),
                            name="profiles_signup_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["draft", "withdrawn"]),
                                models.Q(("submitted_at__isnull", False), ("turn__gte", 1)),
                                _connector="OR",
                            ),
                            name="profiles_signup_submitted",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("organisation__isnull", False), ("state", "verified")),
                                models.Q(
                                    models.Q(("state", "verified"), _negated=True), ("organisation__isnull", True)
                                ),
                                _connector="OR",
                            ),
                            name="profiles_signup_organisation",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "submitted"), _negated=True),
                                models.Q(("registration_number", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="profiles_signup_number",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SignUpDecision",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("turn", models.SmallIntegerField()),
                    ("outcome", models.TextField()),
                    (
                        "reasons",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("words", models.TextField(blank=True, default="")),
                    ("decided_at", models.DateTimeField()),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "signup",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="profiles.signup"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("signup", "turn"), name="profiles_signupdecision_once"),
                        models.CheckConstraint(
                            condition=models.Q(("outcome__in", ["verified", "returned", "refused"])),
                            name="profiles_signupdecision_outcome",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("outcome", "verified"), ("reasons__len__gte", 1), _connector="OR"),
                            name="profiles_signupdecision_reasoned",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SignUpDocument",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("name", models.TextField()),
                    ("digest", models.CharField(max_length=64)),
                    ("media", models.TextField()),
                    ("size", models.IntegerField()),
                    ("added_at", models.DateTimeField()),
                    (
                        "signup",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="profiles.signup"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("signup", "digest"), name="profiles_signupdocument_once"),
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["registration", "statutes", "licence", "other"])),
                            name="profiles_signupdocument_kind",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ImportLine",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.IntegerField()),
                    ("cells", models.JSONField(default=dict)),
                    ("outcome", models.TextField()),
                    (
                        "candidates",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    (
                        "evidence",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("problems", models.JSONField(default=dict)),
                    ("judged_at", models.DateTimeField(null=True)),
                    (
                        "judged_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "table",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="lines",
                            to="profiles.companyimport",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("outcome", "unsure")),
                            fields=["table", "number"],
                            name="profiles_importline_waiting",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("table", "number"), name="profiles_importline_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "outcome__in",
                                    ["created", "changed", "unchanged", "unsure", "joined", "skipped", "refused"],
                                )
                            ),
                            name="profiles_importline_outcome",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("outcome", "unsure"), _negated=True),
                                models.Q(("candidates__len__gte", 1), ("judged_at__isnull", True)),
                                _connector="OR",
                            ),
                            name="profiles_importline_unsure",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Mentor",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("headlines", models.JSONField(default=dict)),
                    ("about", models.JSONField(default=dict)),
                    (
                        "capabilities",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "sectors",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "sector_path",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "languages",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=2), default=list, size=None
                        ),
                    ),
                    ("hours", models.SmallIntegerField(default=0)),
                    ("published_at", models.DateTimeField(null=True)),
                    ("changed_at", models.DateTimeField()),
                    (
                        "account",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "organisation",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.organisation",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="network.region",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        django.contrib.postgres.indexes.GinIndex(
                            condition=models.Q(("published_at__isnull", False)),
                            fields=["sector_path"],
                            name="profiles_mentor_sector",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("hours__range", (0, 200))), name="profiles_mentor_hours"
                        )
                    ],
                },
            ),
        ),
        migrations.RunSQL(STEPS, UNDO),
    ]
