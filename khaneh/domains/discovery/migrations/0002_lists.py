"""Readers' lists and the searches they keep.

Protects: a thing is once on a list, a list has a name, one address opens one list. Locks: nothing that is in use; the tables are new. Fails:
never halfway.
"""

import django.db.models.deletion
from django.db import migrations, models

from khaneh.infrastructure.db.tables import Tables


class Migration(migrations.Migration):
    dependencies = [("discovery", "0001_initial"), ("people", "0002_members")]

    operations = [
        Tables(
            migrations.CreateModel(
                name="ReaderList",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=120)),
                    ("note", models.TextField(blank=True, default="")),
                    ("key", models.CharField(max_length=43, null=True, unique=True)),
                    ("created_at", models.DateTimeField()),
                    ("changed_at", models.DateTimeField()),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
                        ),
                    ),
                ],
                options={
                    "db_table": "discovery_reader_list",
                    "constraints": [
                        models.CheckConstraint(condition=~models.Q(name=""), name="discovery_reader_list_named")
                    ],
                },
            ),
            migrations.CreateModel(
                name="ListItem",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("subject", models.CharField(max_length=40)),
                    ("number", models.BigIntegerField()),
                    ("position", models.IntegerField()),
                    ("note", models.TextField(blank=True, default="")),
                    ("added_at", models.DateTimeField()),
                    (
                        "of",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="items", to="discovery.readerlist"
                        ),
                    ),
                ],
                options={
                    "db_table": "discovery_list_item",
                    "indexes": [models.Index(fields=["of", "position"], name="discovery_list_item_order")],
                    "constraints": [
                        models.UniqueConstraint(fields=["of", "subject", "number"], name="discovery_list_item_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="SavedSearch",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=120)),
                    ("text", models.CharField(blank=True, default="", max_length=300)),
                    ("filters", models.JSONField(default=dict)),
                    ("sort", models.CharField(default="relevance", max_length=10)),
                    ("tells", models.BooleanField(default=False)),
                    ("seen", models.BigIntegerField(default=0)),
                    ("looked_at", models.DateTimeField()),
                    ("created_at", models.DateTimeField()),
                    (
                        "member",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
                        ),
                    ),
                ],
                options={
                    "db_table": "discovery_saved_search",
                    "indexes": [
                        models.Index(
                            fields=["looked_at"], name="discovery_saved_search_due", condition=models.Q(tells=True)
                        )
                    ],
                },
            ),
        ),
    ]
