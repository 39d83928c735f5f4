"""Sends what is due with the carriers of the environment, once: a process to be killed."""

from __future__ import annotations

import os
from datetime import datetime

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "khaneh.config.settings"
    django.setup()
    from django.conf import settings

    from khaneh.domains.notices import services
    from khaneh.infrastructure import sms
    from khaneh.infrastructure.outgoing import Mailer

    with Mailer() as mailer:
        services.send_due(
            mail=mailer,
            sms=sms.gateway(settings.SMS_URL, outbox=settings.SMS_OUTBOX),
            now=datetime.fromisoformat(os.environ["TEST_NOW"]),
        )
