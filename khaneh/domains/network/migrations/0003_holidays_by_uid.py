"""Days that differ know what a calendar file calls them.

Protects: an entry of a file is one day of a house, however often the file is read and wherever the entry moves. Locks `network_holiday` for
an instant. Cannot fail on rows: all of them have no name.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0002_seasons")]

    operations = [
        migrations.AddField(
            model_name="holiday",
            name="uid",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("uid", ""), _negated=True),
                fields=("house", "uid"),
                name="network_holiday_one_a_uid",
            ),
        ),
    ]
