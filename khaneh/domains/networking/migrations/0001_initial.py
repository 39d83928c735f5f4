"""What is new, who follows what and what they were told; what houses share with each other.

Protects: something is news once; two digests of one follower never tell of the same turns, and what a digest said stays; a sharing takes only the
steps of its life, what was agreed in it never changes, and it is never deleted. Locks nothing that exists. Fails nowhere: it makes tables.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

SQL = """
CREATE FUNCTION networking_sharing_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'sharing % stays', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'networking_sharing_kept';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('offered', 'active'), ('offered', 'declined'), ('offered', 'withdrawn'), ('active', 'ended')) THEN
        RAISE EXCEPTION 'a sharing does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'networking_sharing_steps';
    END IF;
    -- Whoever is forgotten is taken out of it; the terms are what both sides agreed on.
    IF (to_jsonb(NEW) - '{state,accepted_at,agreed_at,over_at,reason,mentor_id,offered_by_id}'::text[])
        <> (to_jsonb(OLD) - '{state,accepted_at,agreed_at,over_at,reason,mentor_id,offered_by_id}'::text[])
        OR (NEW.mentor_id IS NOT NULL AND NEW.mentor_id IS DISTINCT FROM OLD.mentor_id)
        OR (NEW.offered_by_id IS NOT NULL AND NEW.offered_by_id IS DISTINCT FROM OLD.offered_by_id)
        OR (OLD.state NOT IN ('offered', 'active') AND (NEW.over_at, NEW.reason) IS DISTINCT FROM (OLD.over_at, OLD.reason)) THEN
        RAISE EXCEPTION 'sharing % stays as it was agreed', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'networking_sharing_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER networking_sharing_changes BEFORE UPDATE OR DELETE ON networking_sharing
    FOR EACH ROW EXECUTE FUNCTION networking_sharing_changes();

CREATE FUNCTION networking_digest_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'digest % stays as it was told', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'networking_digest_kept';
END $$;
CREATE TRIGGER networking_digest_kept BEFORE UPDATE ON networking_digest FOR EACH ROW EXECUTE FUNCTION networking_digest_kept();
"""
UNDO = """
DROP FUNCTION networking_sharing_changes() CASCADE;
DROP FUNCTION networking_digest_kept() CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0004_withdrawn_organisations"),
        ("people", "__first__"),
        ("spaces", "0006_closures_by_uid"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="News",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.TextField()),
                    ("thing_id", models.BigIntegerField()),
                    ("at", models.DateTimeField()),
                    ("turn", models.BigIntegerField(null=True, unique=True)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("turn__isnull", True)), fields=["id"], name="networking_news_turnless"
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["company", "offer", "need", "call", "event", "graduate"])),
                            name="networking_news_kind",
                        ),
                        models.UniqueConstraint(fields=("kind", "thing_id"), name="networking_news_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Subscription",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "kinds",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    ("frequency", models.TextField(default="weekly")),
                    ("told", models.BigIntegerField(default=0)),
                    ("next_at", models.DateTimeField()),
                    ("secret", models.TextField(unique=True)),
                    ("begun_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
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
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("frequency", "never"), _negated=True),
                            fields=["next_at"],
                            name="networking_subscription_due",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("account", "organisation"),
                            name="networking_subscription_once",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("frequency__in", ["weekly", "monthly", "never"])),
                            name="networking_subscription_frequency",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kinds__contained_by", ["company", "offer", "need", "call", "event", "graduate"])
                            ),
                            name="networking_subscription_kinds",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Follow",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("what", models.TextField()),
                    ("sector", models.TextField(blank=True, default="")),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
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
                    (
                        "subscription",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="follows",
                            to="networking.subscription",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("house__isnull", True),
                                    ("region__isnull", True),
                                    ("what", "sector"),
                                    models.Q(("sector", ""), _negated=True),
                                ),
                                models.Q(
                                    ("house__isnull", True),
                                    ("region__isnull", False),
                                    ("sector", ""),
                                    ("what", "region"),
                                ),
                                models.Q(
                                    ("house__isnull", False),
                                    ("region__isnull", True),
                                    ("sector", ""),
                                    ("what", "house"),
                                ),
                                _connector="OR",
                            ),
                            name="networking_follow_one_thing",
                        ),
                        models.UniqueConstraint(
                            fields=("subscription", "sector", "region", "house"),
                            name="networking_follow_once",
                            nulls_distinct=False,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Digest",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("number", models.IntegerField()),
                    ("turns", django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                    ("news", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ("made_at", models.DateTimeField()),
                    (
                        "subscription",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="digests",
                            to="networking.subscription",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("subscription", "number"), name="networking_digest_number"),
                        models.CheckConstraint(
                            condition=models.Q(("news__len__gte", 1)), name="networking_digest_of_something"
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[("subscription", "="), ("turns", "&&")], name="networking_digest_apart"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Sharing",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("what", models.TextField()),
                    ("minutes", models.IntegerField()),
                    ("price_amount", models.BigIntegerField(null=True)),
                    ("price_currency", models.TextField(blank=True, default="")),
                    ("valid_from", models.DateField()),
                    ("valid_until", models.DateField()),
                    ("state", models.TextField(default="offered")),
                    ("offered_at", models.DateTimeField()),
                    ("accepted_at", models.DateTimeField(null=True)),
                    ("agreed_at", models.DateTimeField(null=True)),
                    ("over_at", models.DateTimeField(null=True)),
                    ("reason", models.TextField(blank=True, default="")),
                    ("made_key", models.TextField(unique=True)),
                    (
                        "house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "mentor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "offered_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "space",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="spaces.space"
                        ),
                    ),
                    (
                        "to_house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "to_region",
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
                        models.Index(fields=["house", "-id"], name="networking_sharing_by"),
                        models.Index(fields=["to_house", "-id"], name="networking_sharing_to"),
                        models.Index(
                            condition=models.Q(("state__in", ["offered", "active"])),
                            fields=["mentor"],
                            name="networking_sharing_mentor",
                        ),
                        models.Index(
                            condition=models.Q(("state__in", ["offered", "active"])),
                            fields=["space"],
                            name="networking_sharing_space",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("mentor__isnull", True), ("space__isnull", False), ("what", "space")),
                                models.Q(
                                    ("price_amount__isnull", True),
                                    ("space__isnull", True),
                                    ("what", "mentor"),
                                    models.Q(
                                        ("mentor__isnull", False),
                                        models.Q(("state__in", ["offered", "active"]), _negated=True),
                                        _connector="OR",
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="networking_sharing_thing",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("to_house__isnull", True), ("to_region__isnull", True), _connector="OR"
                            ),
                            name="networking_sharing_with_whom",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("to_house", models.F("house")), _negated=True),
                            name="networking_sharing_with_others",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("minutes__range", (15, 44640))), name="networking_sharing_minutes"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                            name="networking_sharing_days",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("price_amount__isnull", True), ("price_currency", "")),
                                models.Q(
                                    ("price_amount__gt", 0),
                                    ("price_currency__regex", "^([A-Z]{3}|[A-Z][A-Z0-9]{3,11})$"),
                                ),
                                _connector="OR",
                            ),
                            name="networking_sharing_price",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("over_at__isnull", True), ("state", "offered")),
                                models.Q(
                                    ("accepted_at__isnull", False),
                                    ("over_at__isnull", True),
                                    ("state", "active"),
                                    models.Q(("what", "space"), ("agreed_at__isnull", False), _connector="OR"),
                                ),
                                models.Q(("over_at__isnull", False), ("state__in", ["ended", "declined", "withdrawn"])),
                                _connector="OR",
                            ),
                            name="networking_sharing_state",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["offered", "active"])),
                            fields=("space", "mentor", "house", "to_house", "to_region"),
                            name="networking_sharing_once",
                            nulls_distinct=False,
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
