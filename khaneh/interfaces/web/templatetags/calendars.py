"""Addresses of calendars as telephones take them."""

from __future__ import annotations

from django import template
from django.conf import settings

from khaneh.interfaces.web import reader

register = template.Library()


@register.filter
def subscribed(address: str) -> str:
    """`/calendars/space/12.ics` as `webcal://…?lang=fa`: opened, the device's own calendar offers to follow it in the reader's language."""
    return f"webcal://{settings.SITE_URL.partition('://')[2]}{address}?lang={reader.current().language}"
