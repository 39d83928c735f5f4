"""A season is a week of its own.

Protects: spans of one season never share time; two seasons may hold the same days, as the narrower one decides them, and a season may
differ from the usual week. Locks `network_openinghours` while the constraint is built anew (some thousand rows: an instant). Fails never
on rows that the stricter constraint before it let in.
"""

from datetime import date

import django.contrib.postgres.constraints
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="openinghours", name="network_openinghours_overlap"),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="network_openinghours_overlap",
                expressions=[
                    ("house", "="),
                    (
                        models.Func(
                            models.F("weekday") * 1440 + models.F("opens"),
                            models.F("weekday") * 1440 + models.F("closes"),
                            function="int4range",
                        ),
                        "&&",
                    ),
                    (
                        django.db.models.functions.comparison.Coalesce("first", models.Value(date(1, 1, 1))),
                        "=",
                    ),
                    (
                        django.db.models.functions.comparison.Coalesce("last", models.Value(date(9999, 12, 31))),
                        "=",
                    ),
                ],
            ),
        ),
    ]
