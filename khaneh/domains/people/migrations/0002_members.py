"""Members, their cards, guardians, blocks and messages.

Protects: one active card a member and one member a card; nobody is their own guardian, nor the same member's twice at a time; an active
member has a term; an erased one tells nothing of who it was. Locks nothing that exists. Needs pg_trgm, which it makes: fails where the
role may not create extensions and the database has none.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        TrigramExtension(),
        Tables(
            migrations.CreateModel(
                name="MemberCategory",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.SlugField(max_length=40, unique=True)),
                    ("names", models.JSONField(default=dict)),
                    ("membership_months", models.SmallIntegerField(default=12)),
                    ("min_age", models.SmallIntegerField(null=True)),
                    ("max_age", models.SmallIntegerField(null=True)),
                    ("needs_guardian", models.BooleanField(default=False)),
                    ("active", models.BooleanField(default=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("membership_months__range", (1, 240))),
                            name="people_membercategory_months",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("min_age__isnull", True),
                                ("max_age__isnull", True),
                                ("min_age__lte", models.F("max_age")),
                                _connector="OR",
                            ),
                            name="people_membercategory_ages",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Member",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("state", models.CharField(default="applied", max_length=8)),
                    ("given_name", models.TextField(blank=True, default="")),
                    ("family_name", models.TextField(blank=True, default="")),
                    ("birth_date", models.DateField(null=True)),
                    ("phone", models.TextField(blank=True, default="")),
                    ("email", models.TextField(blank=True, default="")),
                    ("address", models.TextField(blank=True, default="")),
                    ("language", models.CharField(default="en", max_length=2)),
                    ("calendar", models.CharField(default="auto", max_length=9)),
                    ("national_id_hash", models.BinaryField(null=True)),
                    ("pin", models.TextField(blank=True, default="")),
                    ("keep_history", models.BooleanField(default=False)),
                    ("joined_on", models.DateField(null=True)),
                    ("expires_on", models.DateField(null=True)),
                    ("search_key", models.TextField(blank=True, default="")),
                    ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "account",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="member",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "home_house",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "category",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.membercategory"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        django.contrib.postgres.indexes.GinIndex(
                            fields=["search_key"], name="people_member_search", opclasses=["gin_trgm_ops"]
                        ),
                        models.Index(fields=["home_house", "state"], name="people_member_house"),
                        models.Index(
                            condition=models.Q(("national_id_hash__isnull", False)),
                            fields=["national_id_hash"],
                            name="people_member_national_id",
                        ),
                        models.Index(
                            condition=models.Q(("state", "active")), fields=["expires_on"], name="people_member_expiry"
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["applied", "active", "closed", "erased"])),
                            name="people_member_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "active"), _negated=True),
                                models.Q(
                                    ("expires_on__gte", models.F("joined_on")),
                                    ("expires_on__isnull", False),
                                    ("joined_on__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="people_member_active_has_term",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "erased"), _negated=True),
                                models.Q(
                                    ("account__isnull", True),
                                    ("address", ""),
                                    ("birth_date__isnull", True),
                                    ("email", ""),
                                    ("family_name", ""),
                                    ("given_name", ""),
                                    ("national_id_hash__isnull", True),
                                    ("phone", ""),
                                    ("pin", ""),
                                    ("search_key", ""),
                                ),
                                _connector="OR",
                            ),
                            name="people_member_erased_is_nobody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("language__in", ["fa", "vi", "en"])), name="people_member_language"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("calendar__in", ["auto", "jalali", "gregorian"])),
                            name="people_member_calendar",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MemberMerge",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("merged_at", models.DateTimeField()),
                    (
                        "gone",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="merged_into", to="people.member"
                        ),
                    ),
                    (
                        "kept",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
                        ),
                    ),
                    (
                        "merged_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kept", models.F("gone")), _negated=True), name="people_membermerge_two"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MemberMessage",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("text", models.TextField()),
                    ("for_staff", models.BooleanField(default=False)),
                    ("left_at", models.DateTimeField()),
                    ("until", models.DateTimeField(null=True)),
                    ("read_at", models.DateTimeField(null=True)),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "left_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="people.member"
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("read_at__isnull", True)),
                            fields=["member"],
                            name="people_membermessage_open",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("text", ""), _negated=True), name="people_membermessage_not_empty"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Guardianship",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.CharField(max_length=6)),
                    ("may_borrow", models.BooleanField(default=True)),
                    ("may_request", models.BooleanField(default=True)),
                    ("may_see_loans", models.BooleanField(default=False)),
                    ("may_pay", models.BooleanField(default=True)),
                    ("valid_from", models.DateTimeField()),
                    ("valid_until", models.DateTimeField(null=True)),
                    (
                        "granted_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "guardian",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="wards", to="people.member"
                        ),
                    ),
                    (
                        "ward",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="guardians", to="people.member"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["parent", "class", "proxy"])),
                            name="people_guardianship_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("guardian", models.F("ward")), _negated=True),
                            name="people_guardianship_not_oneself",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("valid_until__isnull", True),
                                ("valid_until__gte", models.F("valid_from")),
                                _connector="OR",
                            ),
                            name="people_guardianship_period",
                        ),
                        django.contrib.postgres.constraints.ExclusionConstraint(
                            expressions=[
                                ("guardian", "="),
                                ("ward", "="),
                                (
                                    models.Func(models.F("valid_from"), models.F("valid_until"), function="tstzrange"),
                                    "&&",
                                ),
                            ],
                            name="people_guardianship_once_at_a_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Card",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("barcode", models.TextField()),
                    ("state", models.CharField(default="active", max_length=8)),
                    ("issued_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="people.member"
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["barcode"], name="people_card_barcode")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "active")),
                            fields=("barcode",),
                            name="people_card_barcode_active",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "active")), fields=("member",), name="people_card_one_active"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["active", "lost", "replaced", "closed"])),
                            name="people_card_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ended_at__isnull", True), ("state", "active")),
                                models.Q(models.Q(("state", "active"), _negated=True), ("ended_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="people_card_ended",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("barcode", ""), _negated=True), name="people_card_barcode_not_empty"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MemberBlock",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("reason", models.CharField(max_length=20)),
                    ("note", models.TextField(blank=True, default="")),
                    ("placed_at", models.DateTimeField()),
                    ("until", models.DateTimeField(null=True)),
                    ("lifted_at", models.DateTimeField(null=True)),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "lifted_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="blocks", to="people.member"
                        ),
                    ),
                    (
                        "placed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("lifted_at__isnull", True)),
                            fields=["member"],
                            name="people_memberblock_open",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "reason__in",
                                    [
                                        "card_lost",
                                        "contact_wrong",
                                        "damage",
                                        "conduct",
                                        "guardian_asked",
                                        "unreturned",
                                        "other",
                                    ],
                                )
                            ),
                            name="people_memberblock_reason",
                        )
                    ],
                },
            ),
        ),
    ]
