"""Texts in force: what a house wrote, else what a house above it wrote, else what ships; and how they look."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.conf import settings

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.notices import permissions, registry
from khaneh.domains.notices.frame import FRAME
from khaneh.domains.notices.models import Quiet, Template
from khaneh.domains.notices.rules import templates, writing
from khaneh.domains.notices.types import (
    Channel,
    EventType,
    Letter,
    QuietHours,
    Reading,
    TemplateRow,
    Text,
    Variable,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import calendar_for
from khaneh.kernel.labels import LANGUAGES, Label

SAMPLE_NAME = Label("Sara Ahmadi", "سارا احمدی", "Nguyễn Thị Hoa")


def texts_in_force(*, house: HouseFacts, channel: Channel, language: str, events: Collection[str]) -> dict[str, Text]:
    """The text of each event at a house, with the frame's. One statement."""
    wanted = {*events, FRAME.code}
    rows = Template.objects.filter(
        house_id__in=house.path, event__in=wanted, channel=channel.value, language=language
    ).values_list("event", "house_id", "subject", "body")
    nearest: dict[str, tuple[int, Text]] = {}
    for event, house_id, subject, body in rows:
        depth = house.path.index(house_id)
        if event not in nearest or depth > nearest[event][0]:
            nearest[event] = (depth, Text(subject, body))
    return {
        event: nearest[event][1] if event in nearest else registry.shipped(event, channel, language) for event in wanted
    }


def templates_of(*, house_id: int, event: str) -> dict[tuple[Channel, str], TemplateRow]:
    """What is in force at a house for an event, by channel and language, with where it is written. One statement. Raises NotFound."""
    house = network.house_facts(house_id)
    registry.event(event)
    found = {
        (channel, language): TemplateRow(event, channel, language, registry.shipped(event, channel, language), None)
        for channel in Channel
        for language in LANGUAGES
    }
    rows = list(Template.objects.filter(house_id__in=house.path, event=event).order_by("pk"))
    for row in sorted(rows, key=lambda one: house.path.index(one.house_id)):
        place = (Channel(row.channel), row.language)
        found[place] = TemplateRow(event, *place, Text(row.subject, row.body), row.house_id, row.revision)
    return found


def written_at(house_id: int) -> dict[str, int]:
    """How many texts each event has of the house's own. One statement."""
    counts: dict[str, int] = {}
    for event in Template.objects.filter(house_id=house_id).values_list("event", flat=True):
        counts[event] = counts.get(event, 0) + 1
    return counts


def quiet_hours(house: HouseFacts) -> QuietHours:
    """The quiet hours that count at a house: its own, else the nearest above it, else from nine in the evening to eight. One statement."""
    rows = {pk: QuietHours(starts, ends) for pk, starts, ends in _quiet(house.path)}
    return next((rows[pk] for pk in reversed(house.path) if pk in rows), QuietHours())


def own_quiet_hours(house_id: int) -> QuietHours | None:
    """What the house itself has set, or None. One statement."""
    return next((QuietHours(starts, ends) for _, starts, ends in _quiet((house_id,))), None)


def writable_houses(actor: Actor) -> list[int]:
    """The houses whose texts the actor may write. Four statements."""
    return _holding(actor, permissions.WRITERS)


def queue_houses(actor: Actor) -> list[int]:
    """The houses whose queue the actor may see. Four statements."""
    return _holding(actor, permissions.QUEUE_READERS)


def _holding(actor: Actor, roles: Collection[str]) -> list[int]:
    places = network.places_of_houses(network.house_ids_by_code().values())
    return [pk for pk, place in places.items() if actor.holds(roles, place)]


def _quiet(house_ids: Sequence[int]) -> list[tuple[int, int, int]]:
    return list(Quiet.objects.filter(pk__in=house_ids).values_list("pk", "starts", "ends"))


def problems(*, event: str, channel: Channel, text: Text) -> list[templates.Problem]:
    """What is wrong with a text that somebody is writing. No statement. Raises NotFound."""
    return templates.problems(text, registry.event(event), channel)


def variables(*, event: str, channel: Channel) -> tuple[tuple[Variable, ...], tuple[Variable, ...]]:
    """The variables that a text may use: those of the message, and those of each of its items. Raises NotFound."""
    found = registry.event(event)
    return templates.variables(found, channel), found.items


def preview(*, event: str, channel: Channel, language: str, house_id: int, text: Text, things: int = 2) -> Letter:
    """How a text looks to a reader of a language, with sample values, in the frame in force at the house. One statement.

    Raises NotFound; ValueError for a text that cannot be used.
    """
    found, house = registry.event(event), network.house_facts(house_id)
    in_force = texts_in_force(house=house, channel=channel, language=language, events=[event])
    framed = not found.items
    shown, frame = (_sample_event(), text) if framed else (found, in_force[FRAME.code])
    sample_text = _sample_text(language) if framed else text
    return writing.letter(
        channel=channel,
        reading=Reading(language, calendar_for("auto", language), house.calendar.zone),
        frame=frame,
        sections=[(shown, sample_text, samples(shown, language, things))],
        common=common(house, name=SAMPLE_NAME.pick(language), language=language),
    )


def samples(event: EventType, language: str, things: int) -> list[dict[str, Any]]:
    """Sample items, in the reader's language where a value has a label."""
    given: Sequence[Mapping[str, Any]] = event.samples or ({},)
    return [
        {
            one.name: value.pick(language) if isinstance(value := row.get(one.name, one.sample), Label) else value
            for one in event.items
        }
        for row in (given[number % len(given)] for number in range(things))
    ]


def shown_sample(variable: Variable, *, language: str, house_id: int | None = None) -> str:
    """A variable's sample value as a reader of a language sees it."""
    zone = network.house_facts(house_id).calendar.zone if house_id is not None else "UTC"
    value = variable.sample.pick(language) if isinstance(variable.sample, Label) else variable.sample
    return writing.show(variable, value, Reading(language, calendar_for("auto", language), zone))


def common(house: HouseFacts, *, name: str, language: str, phone: str = "") -> dict[str, Any]:
    """The values that every template may use."""
    return {
        "name": name,
        "house": house.names.pick(language),
        "house_phone": phone,
        "account_url": f"{settings.SITE_URL}/account/",
    }


def _sample_event() -> EventType:
    """Something to put into a frame that somebody is writing."""
    return EventType("notices.sample", FRAME.label, ())


def _sample_text(language: str) -> Text:
    words = Label("What the message tells.", "متن پیام اینجا می‌آید.", "Nội dung tin nằm ở đây.").pick(language)
    return Text(words, words)
