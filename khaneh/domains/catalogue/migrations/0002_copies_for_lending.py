"""How a copy is lent, and where it is kept for the time being.

Protects: a known item type. Locks `catalogue_copy` while its rows are read once for the check; the columns themselves have constant
defaults and rewrite nothing.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="copy",
            name="current_house",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.house"
            ),
        ),
        migrations.AddField(
            model_name="copy",
            name="floating",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="copy",
            name="item_type",
            field=models.CharField(db_default="book", default="book", max_length=12),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "item_type__in",
                        ["book", "children", "short_loan", "reference", "periodical", "media", "device", "rare"],
                    )
                ),
                name="catalogue_copy_item_type",
            ),
        ),
    ]
