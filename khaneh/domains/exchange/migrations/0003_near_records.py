"""Books and articles that may help with a need, kept beside it; words of what is compared, kept as numbers; when a company was last proposed.

Protects: a record stands beside a need once. Locks `exchange_matchtext` for an instant: the columns are empty, a job fills them, and what is
empty is read from its text until then. Fails nowhere.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_gatherings")]

    operations = [
        migrations.AddField("matchtext", "terms", models.BinaryField(null=True)),
        migrations.AddField("matchtext", "terms_version", models.SmallIntegerField(default=0)),
        migrations.AddField("matchtext", "looked_at", models.DateTimeField(null=True)),
        migrations.AddField("matchtext", "proposed_at", models.DateTimeField(null=True)),
        migrations.AddField("matchtext", "best", models.FloatField(null=True)),
        migrations.CreateModel(
            name="NearRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.BigIntegerField()),
                ("words", models.FloatField()),
                ("meaning", models.FloatField()),
                ("said", django.contrib.postgres.fields.ArrayField(models.TextField(), default=list, size=None)),
                ("about", models.TextField(blank=True, default="")),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="near_records", to="exchange.posting"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("need", "key"), name="exchange_near_record_once"),
                ],
            },
        ),
    ]
