"""Closures know what a calendar file calls them.

Protects: an entry of a file closes a space once, however often the file is read. Locks `spaces_spaceclosure` for an instant (the default is
kept with the table, no row is written). Cannot fail on rows: all of them have no name.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0005_groups")]

    operations = [
        migrations.AddField(
            model_name="spaceclosure",
            name="uid",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddConstraint(
            model_name="spaceclosure",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("uid", ""), _negated=True), ("lifted_at__isnull", True)),
                fields=("space", "uid"),
                name="spaces_spaceclosure_once",
            ),
        ),
    ]
