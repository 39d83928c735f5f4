"""Registrations have a price of their own, and prices may be asked in credits.

Protects: the price of a registration is the one that was agreed to, whatever the event asks afterwards; a price has the code of a currency
or of a credit. What was registered before has none, since nobody was charged then.
Locks `events_event` and `events_registration` while their rows are read for the constraints (the columns are added and changed without
rewriting them). Cannot fail on rows: what the old constraint let in, the wider one does, and new columns begin empty.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_seasons"),
        ("spaces", "0003_prices_in_credits"),
        ("events", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="event", name="events_event_price"),
        migrations.AlterField(
            model_name="event",
            name="price_currency",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price_amount__isnull", True), ("price_currency", "")),
                    models.Q(("price_amount__gte", 0), ("price_currency__regex", "^([A-Z]{3}|[A-Z][A-Z0-9]{3,11})$")),
                    _connector="OR",
                ),
                name="events_event_price",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="price_amount",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="price_currency",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price_amount__isnull", True), ("price_currency", "")),
                    models.Q(("price_amount__gte", 0), ("price_currency__regex", "^([A-Z]{3}|[A-Z][A-Z0-9]{3,11})$")),
                    _connector="OR",
                ),
                name="events_registration_price",
            ),
        ),
    ]
