"""The catalogue. Protects: what a source gave is never lost (no contribution, version, quarantined record or merge is deleted; bytes
change only after the old ones were kept), a barcode names one copy, a record is merged once at a time, a file is imported once at a
time. Locks nothing that exists. Fails as a whole: PostgreSQL rolls a migration back.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

KEEP = """
CREATE FUNCTION catalogue_refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER catalogue_contribution_kept BEFORE DELETE ON catalogue_contribution
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_loss();
CREATE TRIGGER catalogue_contribution_no_truncate BEFORE TRUNCATE ON catalogue_contribution
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_refuse_loss();
CREATE TRIGGER catalogue_contribution_version_kept BEFORE UPDATE OR DELETE ON catalogue_contribution_version
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_loss();
CREATE TRIGGER catalogue_contribution_version_no_truncate BEFORE TRUNCATE ON catalogue_contribution_version
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_refuse_loss();
CREATE TRIGGER catalogue_quarantine_item_kept BEFORE DELETE ON catalogue_quarantine_item
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_loss();
CREATE TRIGGER catalogue_quarantine_item_no_truncate BEFORE TRUNCATE ON catalogue_quarantine_item
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_refuse_loss();
CREATE TRIGGER catalogue_merge_decision_kept BEFORE DELETE ON catalogue_merge_decision
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_loss();
CREATE TRIGGER catalogue_merge_decision_no_truncate BEFORE TRUNCATE ON catalogue_merge_decision
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_refuse_loss();

CREATE FUNCTION catalogue_keep_old_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.raw IS DISTINCT FROM OLD.raw OR NEW.digest IS DISTINCT FROM OLD.digest) AND NOT EXISTS (
        SELECT FROM catalogue_contribution_version AS kept
        WHERE kept.contribution_id = OLD.id AND kept.version = OLD.version AND kept.digest = OLD.digest AND kept.raw = OLD.raw
    ) THEN
        RAISE EXCEPTION 'the old bytes of contribution % were not kept', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_contribution_bytes BEFORE UPDATE OF raw, digest ON catalogue_contribution
    FOR EACH ROW EXECUTE FUNCTION catalogue_keep_old_bytes();

CREATE FUNCTION catalogue_refuse_other_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.raw IS DISTINCT FROM OLD.raw OR NEW.digest IS DISTINCT FROM OLD.digest THEN
        RAISE EXCEPTION 'the bytes of a quarantined record never change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_quarantine_item_bytes BEFORE UPDATE OF raw, digest ON catalogue_quarantine_item
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_other_bytes();

CREATE FUNCTION catalogue_refuse_other_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.undone_at IS NOT NULL
        OR (NEW.from_record_id, NEW.into_record_id, NEW.contributions, NEW.copies, NEW.evidence, NEW.reason, NEW.at)
        IS DISTINCT FROM
        (OLD.from_record_id, OLD.into_record_id, OLD.contributions, OLD.copies, OLD.evidence, OLD.reason, OLD.at)
    THEN
        RAISE EXCEPTION 'a merge can be undone once, and not be told otherwise' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_merge_decision_same BEFORE UPDATE ON catalogue_merge_decision
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_other_merge();
"""

LET_GO = """
DROP TRIGGER catalogue_merge_decision_same ON catalogue_merge_decision;
DROP TRIGGER catalogue_quarantine_item_bytes ON catalogue_quarantine_item;
DROP TRIGGER catalogue_contribution_bytes ON catalogue_contribution;
DROP FUNCTION catalogue_refuse_other_merge(), catalogue_refuse_other_bytes(), catalogue_keep_old_bytes();
DROP FUNCTION catalogue_refuse_loss() CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_initial"),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="ImportBatch",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("profile", models.CharField(default="auto", max_length=60)),
                    ("rules", models.JSONField(default=dict)),
                    ("name", models.TextField()),
                    ("path", models.TextField()),
                    ("sha256", models.CharField(max_length=64)),
                    ("size", models.BigIntegerField()),
                    ("format", models.JSONField(null=True)),
                    ("forced_encoding", models.CharField(blank=True, default="", max_length=30)),
                    ("forced_dialect", models.CharField(blank=True, default="", max_length=10)),
                    ("checkpoint", models.BigIntegerField(default=0)),
                    ("progress", models.BigIntegerField(default=0)),
                    ("position", models.IntegerField(default=0)),
                    ("counts", models.JSONField(default=dict)),
                    ("seconds", models.FloatField(default=0.0)),
                    ("state", models.CharField(default="waiting", max_length=10)),
                    ("failure", models.TextField(blank=True, default="")),
                    ("account_id", models.BigIntegerField(null=True)),
                    ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ("started_at", models.DateTimeField(null=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                ],
                options={
                    "db_table": "catalogue_import_batch",
                },
            ),
            migrations.CreateModel(
                name="MatchKey",
                fields=[
                    (
                        "pk",
                        models.CompositePrimaryKey(
                            "key", "contribution_id", blank=True, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("key", models.BigIntegerField()),
                    ("contribution_id", models.BigIntegerField()),
                ],
                options={
                    "db_table": "catalogue_match_key",
                },
            ),
            migrations.CreateModel(
                name="Profile",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("name", models.SlugField(max_length=60, unique=True)),
                    ("names", models.JSONField(default=dict)),
                    ("rules", models.JSONField(default=dict)),
                    ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ],
                options={
                    "db_table": "catalogue_profile",
                },
            ),
            migrations.CreateModel(
                name="Work",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ],
                options={
                    "db_table": "catalogue_work",
                },
            ),
            migrations.CreateModel(
                name="Record",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("work_is_manual", models.BooleanField(default=False)),
                    ("is_stale", models.BooleanField(default=False)),
                    ("document", models.TextField()),
                    ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "merged_into",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="merged",
                            to="catalogue.record",
                        ),
                    ),
                    (
                        "work",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="records",
                            to="catalogue.work",
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_record",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("work__isnull", False)), fields=["work"], name="catalogue_record_work"
                        ),
                        models.Index(
                            condition=models.Q(("merged_into__isnull", False)),
                            fields=["merged_into"],
                            name="catalogue_record_merged",
                        ),
                        models.Index(
                            condition=models.Q(("is_stale", True)), fields=["id"], name="catalogue_record_stale"
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("merged_into__isnull", True),
                                models.Q(("merged_into", models.F("id")), _negated=True),
                                _connector="OR",
                            ),
                            name="catalogue_record_not_into_itself",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Source",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("code", models.CharField(max_length=120, unique=True)),
                    ("names", models.JSONField(default=dict)),
                    ("profile", models.CharField(default="auto", max_length=60)),
                    ("encoding", models.CharField(blank=True, default="", max_length=30)),
                    ("dialect", models.CharField(blank=True, default="", max_length=10)),
                    ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_source",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("dialect__in", ["", "marc21", "unimarc"])),
                            name="catalogue_source_dialect",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="QuarantineItem",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("position", models.IntegerField()),
                    ("offset", models.BigIntegerField()),
                    ("size", models.BigIntegerField()),
                    ("raw", models.BinaryField()),
                    ("digest", models.BinaryField()),
                    ("serialisation", models.CharField(max_length=10)),
                    ("dialect", models.CharField(max_length=10)),
                    ("encoding", models.CharField(max_length=30)),
                    ("reasons", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                    ("facts", models.JSONField(default=list)),
                    ("state", models.CharField(default="open", max_length=10)),
                    ("resolution", models.JSONField(default=dict)),
                    ("contribution_id", models.BigIntegerField(null=True)),
                    ("decided_by", models.BigIntegerField(null=True)),
                    ("decided_at", models.DateTimeField(null=True)),
                    ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "batch",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="quarantine",
                            to="catalogue.importbatch",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.source",
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_quarantine_item",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "open")),
                            fields=["source", "id"],
                            name="catalogue_quarantine_open",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("source", "digest"), name="catalogue_quarantine_once"),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["open", "resolved", "discarded"])),
                            name="catalogue_quarantine_state",
                        ),
                    ],
                },
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="catalogue.source"
            ),
        ),
        Tables(
            migrations.CreateModel(
                name="Contribution",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("own_record_id", models.BigIntegerField()),
                    ("identity", models.TextField()),
                    ("occurrence", models.SmallIntegerField(default=0)),
                    ("version", models.SmallIntegerField(default=1)),
                    ("position", models.IntegerField()),
                    ("raw", models.BinaryField()),
                    ("digest", models.BinaryField()),
                    ("serialisation", models.CharField(max_length=10)),
                    ("dialect", models.CharField(max_length=10)),
                    ("encoding", models.CharField(max_length=30)),
                    ("problems", models.TextField(default="[]")),
                    ("comparable", models.TextField()),
                    ("keys", models.BinaryField()),
                    ("work_keys", models.BinaryField()),
                    ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "batch",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="contributions",
                            to="catalogue.importbatch",
                        ),
                    ),
                    (
                        "record",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="contributions",
                            to="catalogue.record",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="contributions",
                            to="catalogue.source",
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_contribution",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("source", "identity", "occurrence"), name="catalogue_contribution_identity"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Authority",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("identity", models.TextField()),
                    ("raw", models.BinaryField()),
                    ("digest", models.BinaryField()),
                    ("serialisation", models.CharField(max_length=10)),
                    ("dialect", models.CharField(max_length=10)),
                    ("encoding", models.CharField(max_length=30)),
                    ("kind", models.CharField(max_length=10)),
                    ("heading", models.TextField()),
                    ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "batch",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.importbatch",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="authorities",
                            to="catalogue.source",
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_authority",
                    "constraints": [
                        models.UniqueConstraint(fields=("source", "identity"), name="catalogue_authority_identity"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="AuthorityName",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("relation", models.CharField(max_length=8)),
                    ("name", models.TextField()),
                    ("key", models.TextField()),
                    (
                        "authority",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="names", to="catalogue.authority"
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_authority_name",
                    "indexes": [models.Index(fields=["key"], name="catalogue_authority_name_key")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("relation__in", ["heading", "see", "see_also"])),
                            name="catalogue_authority_relation",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ContributionVersion",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("version", models.SmallIntegerField()),
                    ("raw", models.BinaryField()),
                    ("digest", models.BinaryField()),
                    ("serialisation", models.CharField(max_length=10)),
                    ("dialect", models.CharField(max_length=10)),
                    ("encoding", models.CharField(max_length=30)),
                    ("problems", models.TextField(default="[]")),
                    ("replaced_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "contribution",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="versions",
                            to="catalogue.contribution",
                        ),
                    ),
                    (
                        "batch",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.importbatch",
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_contribution_version",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("contribution", "version"), name="catalogue_contribution_version_number"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="MergeDecision",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    (
                        "contributions",
                        django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                    ),
                    (
                        "copies",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), default=list, size=None
                        ),
                    ),
                    ("score", models.FloatField(null=True)),
                    ("evidence", models.JSONField(default=list)),
                    ("reason", models.TextField(blank=True, default="")),
                    ("is_automatic", models.BooleanField()),
                    ("account_id", models.BigIntegerField(null=True)),
                    ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ("undone_at", models.DateTimeField(null=True)),
                    ("undone_by", models.BigIntegerField(null=True)),
                    ("undo_reason", models.TextField(blank=True, default="")),
                    (
                        "from_record",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.record"
                        ),
                    ),
                    (
                        "into_record",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.record"
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_merge_decision",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("undone_at__isnull", True)),
                            fields=("from_record",),
                            name="catalogue_merge_stands_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Copy",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("barcode", models.TextField(null=True)),
                    ("location", models.TextField(blank=True, default="")),
                    ("call_number", models.TextField(blank=True, default="")),
                    ("price_amount", models.BigIntegerField(null=True)),
                    ("price_currency", models.CharField(blank=True, default="", max_length=3)),
                    ("state", models.CharField(default="available", max_length=14)),
                    ("barcode_given", models.TextField(blank=True, default="")),
                    ("house_given", models.TextField(blank=True, default="")),
                    ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "contribution",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="copies",
                            to="catalogue.contribution",
                        ),
                    ),
                    (
                        "house",
                        models.ForeignKey(
                            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
                        ),
                    ),
                    (
                        "record",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="catalogue.record"
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_copy",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("barcode__isnull", False), models.Q(("state", "withdrawn"), _negated=True)
                            ),
                            fields=("barcode",),
                            name="catalogue_copy_barcode",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("barcode", ""), _negated=True), name="catalogue_copy_barcode_not_empty"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "on_order",
                                        "in_process",
                                        "available",
                                        "on_loan",
                                        "on_hold_shelf",
                                        "in_transit",
                                        "at_repair",
                                        "missing",
                                        "lost",
                                        "withdrawn",
                                    ],
                                )
                            ),
                            name="catalogue_copy_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("price_amount__isnull", True),
                                models.Q(("price_currency", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="catalogue_copy_price_has_currency",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReviewPair",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("score", models.FloatField()),
                    ("evidence", models.JSONField(default=list)),
                    ("state", models.CharField(default="open", max_length=10)),
                    ("reason", models.TextField(blank=True, default="")),
                    ("account_id", models.BigIntegerField(null=True)),
                    ("judged_at", models.DateTimeField(null=True)),
                    ("put_back_at", models.DateTimeField(null=True)),
                    ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    (
                        "left",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.record"
                        ),
                    ),
                    (
                        "right",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.record"
                        ),
                    ),
                ],
                options={
                    "db_table": "catalogue_review_pair",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "open")),
                            fields=["put_back_at", "id"],
                            name="catalogue_review_open",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("left", "right"), name="catalogue_review_once"),
                        models.CheckConstraint(
                            condition=models.Q(("left__lt", models.F("right"))), name="catalogue_review_in_order"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("state__in", ["open", "same", "different"])),
                            name="catalogue_review_state",
                        ),
                    ],
                },
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "running", "done", "failed"])),
                name="catalogue_batch_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "running"])),
                fields=("source", "sha256"),
                name="catalogue_batch_under_way",
            ),
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
