"""Booking for somebody who stands at the desk or calls: who, where and when; then what it meets, and who answers for passing over it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.network.types import OrganisationFilter
from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.spaces import permissions, queries, services
from khaneh.domains.spaces.types import BookingState, Channel, Override, Quote, SpaceRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import once, persons, space_house, space_words
from khaneh.interfaces.web.desk.circulation_turn import number
from khaneh.interfaces.web.desk.forms.calendar import figures
from khaneh.interfaces.web.desk.forms.space_times import Asked, BookForm
from khaneh.interfaces.web.desk.gate import SPACES, staffed
from khaneh.interfaces.web.desk.views.spaces_week import crumbs, frame
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.kernel.calendars import show_minutes
from khaneh.kernel.refusal import NotFound, Refusal

_MOST = 12


@staffed(SPACES)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """The form; with `look` what it would meet, with `book` the booking."""
    house = space_house.house_of(request)
    if house is None:
        return space_house.choose(request)
    spaces = [row for row in queries.spaces_of_house(house.id) if row.in_service]
    posted = request.method == "POST"
    form = BookForm(request.POST if posted else None, spaces=spaces, initial=_begin(request, house, spaces))
    if not posted:
        return _page(request, house, form)
    if (before := once.again(request)) is not None:
        return before
    asked = form.asked(house.calendar.zone) if form.is_valid() else None
    if asked is None:
        return _page(request, house, form, status=422)
    who = persons.found(actor_of(request), form.cleaned_data["who"])
    person = persons.picked(who, number(request.POST.get("account")))
    organisations = _organisations(form.cleaned_data["organisation"])
    if wrong := persons.problem(who, person):
        form.add_error("who", wrong)
    if form.cleaned_data["organisation"] and len(organisations) != 1:
        form.add_error(
            "organisation",
            _("No organisation has this name or code.")
            if not organisations
            else _("Several organisations answer: %s.") % _(", ").join(name for _number, name in organisations[:_MOST]),
        )
    if form.errors:
        return _page(request, house, form, status=422)
    organisation = organisations[0] if organisations else None
    if person is None:
        return _page(request, house, form, persons=who)
    if request.POST.get("act") == "book":
        return _book(request, house, form, asked, person, organisation)
    return _look(request, house, form, asked, person, organisation)


def _look(
    request: HttpRequest,
    house: HouseFacts,
    form: BookForm,
    asked: Asked,
    person: persons.Person,
    organisation: tuple[int, str] | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """What booking would meet."""
    actor = actor_of(request)
    try:
        quote = services.quote(
            actor=actor, space_id=asked.space_id, starts=asked.starts, ends=asked.ends, now=timezone.now(),
            account_id=person.account_id, organisation_id=organisation[0] if organisation else None,
            people_count=asked.people, channel=Channel.DESK,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, space_words.refusal(refusal, zone=house.calendar.zone))
        return _page(request, house, form, status=422)
    against = _against(quote, permissions.rights_of(actor, house_id=house.id))
    impossible = space_words.of_code(quote.refusal, quote.facts, zone=house.calendar.zone) if quote.refusal else ""
    return _page(
        request, house, form, status=status, quote=quote, person=person, organisation=organisation, asked=asked,
        against=against, may_pass=bool(against) and not impossible and all(one.mine for one in against), impossible=impossible, problem=problem,
        bookable=not impossible and (not against or all(one.mine for one in against)),
        when=wording.when(asked.starts, asked.ends, house.calendar.zone), price=wording.price(quote.price),
        once=once.key(),
    )  # fmt: skip


def _book(
    request: HttpRequest,
    house: HouseFacts,
    form: BookForm,
    asked: Asked,
    person: persons.Person,
    organisation: tuple[int, str] | None,
) -> HttpResponse:
    rights = frozenset(request.POST.getlist("right"))
    try:
        done = services.book(
            actor=actor_of(request), space_id=asked.space_id, starts=asked.starts, ends=asked.ends, now=timezone.now(),
            account_id=person.account_id, organisation_id=organisation[0] if organisation else None,
            people_count=asked.people, title=asked.title, channel=Channel.DESK,
            override=Override(rights, request.POST.get("why", "")) if rights else Override(),
        )  # fmt: skip
    except Refusal as refusal:
        said = "" if isinstance(refusal, PolicyRefused) else space_words.refusal(refusal, zone=house.calendar.zone)
        if refusal.code == "kernel.invalid" and rights:
            said = _("Say why it is passed over.")
        return _look(request, house, form, asked, person, organisation, problem=said, status=422)
    if done.state is BookingState.REQUESTED:
        messages.success(request, _("Asked for: somebody of the house must approve it."))
    else:
        messages.success(request, _("Booked for %s.") % person.name)
    return once.led_to(request, reverse("desk-spaces-booking", args=[done.booking_id]))


def _page(request: HttpRequest, house: HouseFacts, form: BookForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        **frame(request, house, "book"),
        "form": form,
        "has_spaces": len(form.fields["space"].choices) > 1,  # type: ignore[attr-defined]
        "crumbs": crumbs(_("Book for somebody")),
        **more,
    }
    return render(request, "desk/spaces/book.html", context, status=status)


def _begin(request: HttpRequest, house: HouseFacts, spaces: list[SpaceRow]) -> dict[str, str]:
    """What the form begins with: the space and day of the page that led here, at the next full hour of today."""
    now = timezone.now().astimezone(timezone.get_current_timezone())
    today = house.calendar.today(now)
    day = asking.a_day(request.GET.get("day")) or today
    found = {"day": figures(day), "start": show_minutes(min(now.hour + 1, 23) * 60, "en") if day == today else ""}
    space = next((row for row in spaces if row.id == asking.whole(request.GET.get("space"))), None)
    if space is not None:
        found |= {"space": str(space.id), "minutes": str(asking.default_length(space))}
    return found


def _organisations(text: str) -> list[tuple[int, str]]:
    """Which organisations a name or code means: one whose code or name it is, else those whose names hold it."""
    text = text.strip()
    if not text:
        return []
    language = reader.current().language
    try:
        row = network.organisation(text).row
        return [(row.id, row.names.pick(language))]
    except NotFound:
        pass
    found = network.organisations(OrganisationFilter(text=text), language=language, limit=_MOST).rows
    exact = [row for row in found if text.casefold() in {name.casefold() for name in row.names}]
    return [(row.id, row.names.pick(language)) for row in exact or found]


def _against(quote: Quote, mine: frozenset[str]) -> list[space_words.Reason]:
    if quote.answer is None or quote.answer.permitted:
        return []
    try:
        quote.answer.or_refuse()
    except PolicyRefused as refusal:
        return space_words.reasons(refusal, mine)
    return []
