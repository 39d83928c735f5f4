"""What an inventory expects, rounds with places and drivers, measured paces, limits of floating collections, why a place in the queue changed.

Protects: one finding a barcode and inventory, with what was done about it; a stop is a house or a place, reached or missed; what is loaded
is on a run; a limit's bounds. What a desk has in hand while an inventory is open counts as seen: a trigger on `circulation_occupancy`, whose
table of expected copies is empty while no inventory is open.
Locks `circulation_request`, `circulation_transfer`, `circulation_runstop` and `circulation_inventory_scan` while their rows are read once for
the checks; the columns rewrite nothing. The indexes over floating and withdrawn copies read `catalogue_copy` once and keep writers of copies out
meanwhile (seconds a million). Fails where a stop has neither house nor place, or a finding was settled without an outcome: nothing before
this release wrote either table.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables

SEEN = """
CREATE FUNCTION circulation_copy_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE circulation_inventory_expected SET seen = true WHERE copy_id = NEW.copy_id AND NOT seen;
    RETURN NULL;
END $$;
CREATE TRIGGER circulation_copy_seen AFTER INSERT ON circulation_occupancy
    FOR EACH ROW EXECUTE FUNCTION circulation_copy_seen();
CREATE INDEX circulation_copy_floats ON catalogue_copy (location, coalesce(current_house_id, house_id)) WHERE floating;
CREATE INDEX circulation_copy_withdrawn ON catalogue_copy (barcode) WHERE state = 'withdrawn';
"""
UNSEEN = """
DROP INDEX circulation_copy_withdrawn;
DROP INDEX circulation_copy_floats;
DROP TRIGGER circulation_copy_seen ON circulation_occupancy;
DROP FUNCTION circulation_copy_seen;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_what_a_file_repeats"),
        ("circulation", "0002_terminals"),
        ("network", "0002_seasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            migrations.CreateModel(
                name="FloatLimit",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("collection", models.TextField(blank=True, default="")),
                    ("least", models.IntegerField(default=0)),
                    ("most", models.IntegerField()),
                ],
                options={
                    "db_table": "circulation_float_limit",
                },
            ),
            migrations.CreateModel(
                name="InventoryExpected",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("seen", models.BooleanField(db_default=False, default=False)),
                ],
                options={
                    "db_table": "circulation_inventory_expected",
                },
            ),
            migrations.CreateModel(
                name="Pace",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("kind", models.CharField(max_length=8)),
                    ("number", models.IntegerField()),
                    ("quantiles", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                    ("never", models.FloatField(default=0)),
                    ("measured_at", models.DateTimeField()),
                ],
            ),
        ),
        migrations.RemoveConstraint(
            model_name="runstop",
            name="circulation_runstop_house_once",
        ),
        migrations.AddField(
            model_name="inventory",
            name="closed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="inventoryscan",
            name="detail",
            field=models.CharField(blank=True, db_default="", default="", max_length=14),
        ),
        migrations.AddField(
            model_name="inventoryscan",
            name="outcome",
            field=models.CharField(blank=True, db_default="", default="", max_length=14),
        ),
        migrations.AddField(
            model_name="inventoryscan",
            name="scanned_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="inventoryscan",
            name="settled_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="priority_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="request",
            name="priority_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="priority_reason",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="run",
            name="base",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="driver",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="runstop",
            name="missed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="runstop",
            name="place",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="runstop",
            name="planned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="transfer",
            name="loaded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="transfer",
            name="waits_at",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.house",
            ),
        ),
        migrations.AlterField(
            model_name="runstop",
            name="house",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.house",
            ),
        ),
        migrations.AddIndex(
            model_name="inventoryscan",
            index=models.Index(
                condition=models.Q(("finding", "expected"), _negated=True),
                fields=["inventory", "finding"],
                name="circulation_inventory_found",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["day"], name="circulation_run_day"),
        ),
        migrations.AddIndex(
            model_name="runstop",
            index=models.Index(fields=["house"], name="circulation_runstop_of_house"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("state", "sent"), ("waits_at__isnull", False)),
                fields=["waits_at"],
                name="circulation_transfer_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="inventoryscan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("settled_at__isnull", True)),
                    models.Q(("settled_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="circulation_inventory_scan_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="runstop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("house__isnull", False), ("place", "")),
                    models.Q(("house__isnull", True), models.Q(("place", ""), _negated=True)),
                    _connector="OR",
                ),
                name="circulation_runstop_house_or_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="runstop",
            constraint=models.CheckConstraint(
                condition=models.Q(("reached_at__isnull", True), ("missed_at__isnull", True), _connector="OR"),
                name="circulation_runstop_reached_or_missed",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("loaded_at__isnull", True), ("run__isnull", False), _connector="OR"),
                name="circulation_transfer_loaded_on_a_run",
            ),
        ),
        migrations.AddField(
            model_name="floatlimit",
            name="house",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
            ),
        ),
        migrations.AddField(
            model_name="inventoryexpected",
            name="copy",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.copy"
            ),
        ),
        migrations.AddField(
            model_name="inventoryexpected",
            name="inventory",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="circulation.inventory",
            ),
        ),
        migrations.AddField(
            model_name="pace",
            name="house",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.house",
            ),
        ),
        migrations.AddConstraint(
            model_name="floatlimit",
            constraint=models.UniqueConstraint(fields=("house", "collection"), name="circulation_float_limit_once"),
        ),
        migrations.AddConstraint(
            model_name="floatlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(("least__gte", 0), ("most__gt", 0), ("most__gte", models.F("least"))),
                name="circulation_float_limit_bounds",
            ),
        ),
        migrations.AddIndex(
            model_name="inventoryexpected",
            index=models.Index(fields=["inventory"], name="circulation_inventory_expects"),
        ),
        migrations.AddConstraint(
            model_name="inventoryexpected",
            constraint=models.UniqueConstraint(
                fields=("copy", "inventory"), name="circulation_inventory_expected_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="pace",
            constraint=models.UniqueConstraint(
                fields=("kind", "house"), name="circulation_pace_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="pace",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["return", "fetch", "transfer", "shelf"])), name="circulation_pace_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="pace",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantiles__len", 21)), name="circulation_pace_quantiles"
            ),
        ),
        migrations.AddConstraint(
            model_name="pace",
            constraint=models.CheckConstraint(
                condition=models.Q(("never__gte", 0), ("never__lte", 1)), name="circulation_pace_never"
            ),
        ),
        migrations.RunSQL(SEEN, UNSEEN),
    ]
