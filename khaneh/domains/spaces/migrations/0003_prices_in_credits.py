"""Prices may be asked in credits, whose codes are longer than those of currencies.

Protects: a price has the code of a currency or of a credit. Locks `spaces_space` and `spaces_booking` while their rows are read for the new
constraint (the type itself is changed without rewriting them). Cannot fail on rows: what the old constraint let in, this one does.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_seasons"),
        ("spaces", "0002_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="booking",
            name="spaces_booking_price",
        ),
        migrations.RemoveConstraint(
            model_name="space",
            name="spaces_space_price",
        ),
        migrations.AlterField(
            model_name="booking",
            name="price_currency",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="space",
            name="price_currency",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price_amount__isnull", True), ("price_currency", "")),
                    models.Q(("price_amount__gte", 0), ("price_currency__regex", "^([A-Z]{3}|[A-Z][A-Z0-9]{3,11})$")),
                    _connector="OR",
                ),
                name="spaces_booking_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="space",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price_amount__isnull", True), ("price_currency", "")),
                    models.Q(("price_amount__gte", 0), ("price_currency__regex", "^([A-Z]{3}|[A-Z][A-Z0-9]{3,11})$")),
                    _connector="OR",
                ),
                name="spaces_space_price",
            ),
        ),
    ]
