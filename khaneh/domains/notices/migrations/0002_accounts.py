"""Whoever has an account and no membership is told too.

Protects: a notice, an open message and a message in an account are for one reader, a member or an account; one that is done is for nobody.
Locks the three tables while columns, indexes and constraints are made and their rows are read; what is there fulfils them. Fails: never halfway.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="notices_message_open_has_member",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notices_notice_done_is_empty",
        ),
        migrations.AddField(
            model_name="inboxitem",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="inboxitem",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="people.member",
            ),
        ),
        migrations.AddIndex(
            model_name="inboxitem",
            index=models.Index(
                condition=models.Q(("account__isnull", False)),
                fields=["account", "-id"],
                name="notices_inbox_of_account",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("account__isnull", False)),
                fields=["account", "channel"],
                name="notices_message_of_account",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("account__isnull", False)), fields=["account"], name="notices_notice_of_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboxitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", True), ("member__isnull", False)),
                    models.Q(("account__isnull", False), ("member__isnull", True)),
                    _connector="OR",
                ),
                name="notices_inbox_one_reader",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["waiting", "sending", "failed", "unsure"]), _negated=True),
                    models.Q(("account__isnull", True), ("member__isnull", False)),
                    models.Q(("account__isnull", False), ("member__isnull", True)),
                    _connector="OR",
                ),
                name="notices_message_open_has_reader",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", True), ("done_at__isnull", True), ("member__isnull", False)),
                    models.Q(("account__isnull", False), ("done_at__isnull", True), ("member__isnull", True)),
                    models.Q(
                        ("account__isnull", True), ("done_at__isnull", False), ("facts", {}), ("member__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="notices_notice_done_is_empty",
            ),
        ),
    ]
