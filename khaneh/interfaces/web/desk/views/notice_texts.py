"""Texts of notices: what a house writes in place of what ships, three languages side by side with how they look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.notices import queries, services
from khaneh.domains.notices.errors import TemplateChanged, TemplateWrong
from khaneh.domains.notices.permissions import WRITERS
from khaneh.domains.notices.types import CHANNELS, Channel, EventType, QuietHours, TemplateRow, Text
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import notice_wording as words
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import parse_time
from khaneh.kernel.labels import LANGUAGES

_House = tuple[str, str, int]


@staffed(WRITERS)
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Every event, with what the house wrote itself, and its quiet hours."""
    houses, house = _house(request)
    own = queries.written_at(house[2])
    facts = network.house_facts(house[2])
    context = {
        "section": "notices",
        "houses": _choices(houses, house),
        "house": house,
        "events": [
            (
                words.word(event.label, event.code),
                own.get(event.code, 0),
                [
                    (words.word(label, channel), _address(event.code, channel, house), channel in event.channels)
                    for channel, label in CHANNELS.items()
                ],
            )
            for event in queries.events()
        ],
        "quiet": queries.quiet_hours(facts),
        "own_quiet": queries.own_quiet_hours(house[2]),
        "crumbs": _crumbs(house, (_("Texts"), "")),
    }
    return render(request, "desk/notices/events.html", context)


@staffed(WRITERS)
@require_POST
def quiet(request: HttpRequest) -> HttpResponse:
    """Set a house's quiet hours, or follow the house above it."""
    _houses, house = _house(request)
    try:
        found = (
            None
            if "follow" in request.POST
            else QuietHours(parse_time(request.POST.get("starts", "")), parse_time(request.POST.get("ends", "")))
        )
    except ValueError:
        messages.error(request, _("Please give both times as hours and minutes, such as 21:00."))
    else:
        services.set_quiet_hours(actor=actor_of(request), house_id=house[2], quiet=found, now=timezone.now())
        messages.success(request, _("The quiet hours are set."))
    return redirect(f"{reverse('desk-notice-texts')}?{urlencode({'house': house[0]})}")


@staffed(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, event: str, channel: str) -> HttpResponse:
    """Write one event's text for one channel, in three languages."""
    houses, house = _house(request)
    found, by = queries.event(event), _channel(channel)
    in_force = queries.templates_of(house_id=house[2], event=event)
    written = {language: in_force[by, language].text for language in LANGUAGES}
    faults: dict[str, list[str]] = {}
    if request.method == "POST":
        written = {language: _written(request, language) for language in LANGUAGES}
        language = request.POST.get("drop", "")
        if language in LANGUAGES:
            services.drop_text(actor=actor_of(request), house_id=house[2], event=event, channel=by, language=language)
            messages.success(request, _("The house's own text is gone; the one above it counts."))
            return redirect(_address(event, by, house))
        faults = _save(request, house, event, by, in_force, written)
        if not faults:
            messages.success(request, _("The texts are saved. Whatever is sent from now on is written with them."))
            return redirect(_address(event, by, house))
    label = words.word(found.label, event)
    context = {
        "section": "notices",
        "houses": _choices(houses, house),
        "house": house,
        "label": label,
        "event": event,
        "channel": by,
        "has_subject": by is not Channel.SMS,
        "tabs": [(words.word(one, code), _address(event, code, house), code is by) for code, one in CHANNELS.items()],
        "languages": [
            _column(house, found, by, language, in_force[by, language], written[language], faults.get(language, []))
            for language in LANGUAGES
        ],
        "variables": _variables(event, by, house),
        "preview_address": reverse("desk-notice-preview", args=[event, by.value]),
        "crumbs": _crumbs(
            house, (_("Texts"), f"{reverse('desk-notice-texts')}?{urlencode({'house': house[0]})}"), (label, "")
        ),
    }
    return render(request, "desk/notices/text.html", context, status=422 if faults else 200)


@staffed(WRITERS)
@require_POST
def preview(request: HttpRequest, event: str, channel: str) -> HttpResponse:
    """How one language's text looks as it stands in the form, for the page that is being written."""
    _houses, house = _house(request)
    language = request.POST.get("language", "")
    if language not in LANGUAGES:
        raise Http404
    context = _look(house, event, _channel(channel), language, _written(request, language))
    return render(request, "desk/notices/preview.html", {"column": context})


def _save(
    request: HttpRequest,
    house: _House,
    event: str,
    channel: Channel,
    in_force: dict[tuple[Channel, str], TemplateRow],
    written: dict[str, Text],
) -> dict[str, list[str]]:
    """Save the languages that differ from what counts; what could not be saved, by language."""
    faults: dict[str, list[str]] = {}
    for language, wanted in written.items():
        if wanted == in_force[channel, language].text:
            continue
        given = request.POST.get(f"{language}-revision", "0")
        try:
            services.save_text(
                actor=actor_of(request), house_id=house[2], event=event, channel=channel, language=language,
                text=wanted, now=timezone.now(), revision=int(given) if given.isdecimal() and len(given) < 9 else 0,
            )  # fmt: skip
        except TemplateWrong as refusal:
            faults[language] = [words.fault(one) for one in refusal.facts["problems"]]
        except TemplateChanged as refusal:
            faults[language] = [words.refusal(refusal)]
    return faults


def _column(
    house: _House,
    event: EventType,
    channel: Channel,
    language: str,
    row: TemplateRow,
    written: Text,
    faults: list[str],
) -> dict[str, Any]:
    own = row.house_id == house[2]
    above = network.house_refs([row.house_id])[row.house_id] if row.house_id is not None and not own else None
    return {
        **_look(house, event.code, channel, language, written),
        "name": reader.LANGUAGES[language],
        "subject": written.subject,
        "body": written.body,
        "rows": max(6, written.body.count("\n") + 2),
        "own": own,
        "above": above,
        "revision": row.revision if own else 0,
        "faults": faults,
    }


def _look(house: _House, event: str, channel: Channel, language: str, written: Text) -> dict[str, Any]:
    problems = queries.problems(event=event, channel=channel, text=written)
    letter = None
    if not problems:
        letter = queries.preview(event=event, channel=channel, language=language, house_id=house[2], text=written)
    return {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "letter": letter,
        "wrong": [words.fault(one.to_facts()) for one in problems],
    }


def _variables(event: str, channel: Channel, house: _House) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """(title, sign, [(name, meaning, sample)]) of the message's variables and of each item's."""
    language = reader.current().language
    outside, inside = queries.variables(event=event, channel=channel)

    def rows(variables: Any) -> list[tuple[str, str, str]]:
        return [
            (one.name, one.label.pick(language), queries.shown_sample(one, language=language, house_id=house[2]))
            for one in variables
        ]

    found = [(_("Anywhere"), "", rows(outside))]
    if inside:
        found.append((_("For each thing the message tells of"), "items", rows(inside)))
    return found


def _written(request: HttpRequest, language: str) -> Text:
    body = request.POST.get(f"{language}-body", "").replace("\r\n", "\n").strip()
    return Text(request.POST.get(f"{language}-subject", "").strip(), body)


def _channel(code: str) -> Channel:
    if code not in set(Channel):
        raise Http404
    return Channel(code)


def _house(request: HttpRequest) -> tuple[list[_House], _House]:
    """The houses whose texts the actor may write, and the one that is meant."""
    actor = actor_of(request)
    houses = words.houses(queries.writable_houses(actor))
    code = request.POST.get("house", request.GET.get("house", ""))
    found = next(
        (one for one in houses if one[0] == code), None if code or not houses else words.at_hand(actor, houses)
    )
    if found is None:
        raise Http404
    return houses, found


def _choices(houses: list[_House], house: _House) -> list[tuple[str, str, bool]]:
    return [(one[0], one[1], one[0] == house[0]) for one in houses]


def _address(event: str, channel: Channel, house: _House) -> str:
    return f"{reverse('desk-notice-text', args=[event, channel.value])}?{urlencode({'house': house[0]})}"


def _crumbs(house: _House, *more: tuple[str, str]) -> list[tuple[str, str]]:
    queue = f"{reverse('desk-notices')}?{urlencode({'house': house[0]})}"
    return [(_("Desk"), reverse("desk")), (_("Messages"), queue), *more]
