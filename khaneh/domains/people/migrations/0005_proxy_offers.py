"""Asking somebody to act for oneself: nobody becomes a proxy without having said yes.

Protects: one open question between the same two, never to oneself. Locks: nothing that is in use; the table is new. Fails: never halfway.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_tokens")]

    operations = [
        migrations.CreateModel(
            name="ProxyOffer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("may_borrow", models.BooleanField(default=True)),
                ("may_request", models.BooleanField(default=True)),
                ("may_see_loans", models.BooleanField(default=False)),
                ("may_pay", models.BooleanField(default=True)),
                ("card_end", models.CharField(max_length=4)),
                ("made_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
                    ),
                ),
                (
                    "proxy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
                    ),
                ),
            ],
            options={
                "db_table": "people_proxy_offer",
                "constraints": [
                    models.UniqueConstraint(fields=["member", "proxy"], name="people_proxy_offer_once"),
                    models.CheckConstraint(
                        condition=~models.Q(member=models.F("proxy")), name="people_proxy_offer_not_oneself"
                    ),
                ],
            },
        ),
    ]
