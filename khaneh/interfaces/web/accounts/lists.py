"""One's own lists and kept searches, and a list that somebody shared. Parse, call, translate."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.catalogue.queries.titles import Thing, things
from khaneh.domains.discovery import registry, services
from khaneh.domains.discovery.errors import TooMany
from khaneh.domains.discovery.queries import lists as queries
from khaneh.domains.discovery.queries.lists import ItemRow, SearchRow
from khaneh.domains.discovery.types import SORTS
from khaneh.interfaces.web import lending, reader, wording
from khaneh.interfaces.web.accounts.acting import Persons, of_members
from khaneh.interfaces.web.spreadsheets import plain_cell
from khaneh.kernel.refusal import Invalid, Refusal

_Named = list[tuple[ItemRow, Thing | None]]


@of_members("lists", own=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest, persons: Persons) -> HttpResponse:
    """One's lists; a POST makes another."""
    me = persons.chosen.member_id
    if request.method == "POST":
        try:
            made = services.make_list(member_id=me, name=request.POST.get("name", ""), now=timezone.now())
        except Refusal as refusal:
            messages.error(request, _words(refusal))
            return redirect("account-lists")
        return redirect("account-list", list_id=made)
    context = {"rows": queries.lists_of(me), "section": "lists"}
    return render(request, "accounts/lists.html", context)


@of_members("lists", own=True)
@require_http_methods(["GET", "HEAD", "POST"])
def one_list(request: HttpRequest, persons: Persons, list_id: int) -> HttpResponse:
    """A list with what is on it; a POST changes it."""
    me = persons.chosen.member_id
    if request.method == "POST":
        try:
            gone = _change(request, me, list_id)
        except Invalid as refusal:
            messages.error(request, _words(refusal))
            gone = False
        return redirect("account-lists") if gone else redirect("account-list", list_id=list_id)
    row, items = queries.list_of(me, list_id)
    context = {
        "row": row,
        "items": _named(items),
        "address": request.build_absolute_uri(reverse("shared-list", args=[row.key])) if row.key else "",
        "section": "lists",
    }
    return render(request, "accounts/list.html", context)


def _change(request: HttpRequest, me: int, list_id: int) -> bool:
    """One act on a list; whether the list is no more."""
    told, now = request.POST, timezone.now()
    item = lending.number_of(told.get("item")) or 0
    mine: dict[str, Any] = {"member_id": me, "list_id": list_id}
    acts: dict[str, Callable[[], object]] = {
        "change": lambda: services.change_list(**mine, name=told.get("name", ""), note=told.get("note", ""), now=now),
        "note": lambda: services.note_item(**mine, item_id=item, note=told.get("note", ""), now=now),
        "up": lambda: services.move_item(**mine, item_id=item, up=True, now=now),
        "down": lambda: services.move_item(**mine, item_id=item, up=False, now=now),
        "remove": lambda: services.remove_from_list(**mine, item_id=item, now=now),
        "share": lambda: services.share_list(**mine, shared=True, now=now),
        "unshare": lambda: services.share_list(**mine, shared=False, now=now),
        "delete": lambda: services.delete_list(**mine),
    }
    act = told.get("act", "")
    if act in acts:
        acts[act]()
    if act == "delete":
        messages.success(request, _("The list is gone."))
    return act == "delete"


@of_members("lists", own=True)
@require_safe
def list_file(request: HttpRequest, persons: Persons, list_id: int) -> HttpResponse:
    """A list as a table for one's own machine."""
    row, items = queries.list_of(persons.chosen.member_id, list_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="khaneh-list-{row.id}.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow(["title", "creator", "year", "note", "address"])
    for item, thing in _named(items):
        title, creator, year = (thing.title, thing.creator, thing.year or "") if thing else ("", "", "")
        address = request.build_absolute_uri(reverse(item.subject, args=[item.number]))
        table.writerow([plain_cell(title), plain_cell(creator), year, plain_cell(item.note), address])
    return response


@of_members("lists", own=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, persons: Persons) -> HttpResponse:
    """Put a record or a work on one of one's lists, or on a list made for it."""
    me, now = persons.chosen.member_id, timezone.now()
    subject, number = _subject(request)
    thing = things(**{f"{subject}_ids": [number]}).get((subject, number))
    if thing is None:
        raise Http404
    if request.method == "POST":
        try:
            list_id = lending.number_of(request.POST.get("list"))
            if list_id is None:
                list_id = services.make_list(member_id=me, name=request.POST.get("name", ""), now=now)
            fresh = services.add_to_list(member_id=me, list_id=list_id, subject=subject, number=number, now=now)
        except (Invalid, TooMany) as refusal:
            messages.error(request, _words(refusal))
            return redirect(request.get_full_path())
        messages.success(request, _("It is on the list.") if fresh else _("It was on the list already."))
        return redirect("account-list", list_id=list_id)
    context = {
        "thing": thing,
        "rows": queries.lists_of(me),
        "back": reverse(subject, args=[number]),
        "section": "lists",
    }
    return render(request, "accounts/list_add.html", context)


@require_safe
def shared(request: HttpRequest, key: str) -> HttpResponse:
    """A list that its owner shared: what is on it and why, and nothing of who they are."""
    row, items = queries.shared_list(key)
    response = render(request, "accounts/list_shared.html", {"row": row, "items": _named(items)})
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@of_members("searches", own=True)
@require_http_methods(["GET", "HEAD", "POST"])
def searches(request: HttpRequest, persons: Persons) -> HttpResponse:
    """The searches one keeps; a POST drops one, or begins or ends being told of arrivals."""
    me, now = persons.chosen.member_id, timezone.now()
    number = lending.number_of(request.POST.get("search"))
    if request.method == "POST":
        if number is not None and request.POST.get("act") == "drop":
            services.drop_search(member_id=me, search_id=number)
            messages.success(request, _("The search is kept no more."))
        elif number is not None and request.POST.get("act") in {"tell", "hush"}:
            services.tell_of_search(member_id=me, search_id=number, tells=request.POST["act"] == "tell", now=now)
        return redirect("account-searches")
    rows = [(row, _address(row), _applied(row.filters)) for row in queries.searches_of(me)]
    return render(request, "accounts/searches.html", {"rows": rows, "section": "searches"})


@of_members("searches", own=True)
@require_http_methods(["GET", "HEAD", "POST"])
def keep_search(request: HttpRequest, persons: Persons) -> HttpResponse:
    """Keep the search that the address holds, under a name."""
    text = request.GET.get("q", "").strip()[:300]
    filters = {
        facet.name: [value for value in request.GET.getlist(facet.name) if 0 < len(value) <= 200][:20]
        for facet in registry.facets()
        if request.GET.getlist(facet.name)
    }
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else ("relevance" if text else "added")
    if request.method == "POST":
        try:
            services.keep_search(
                member_id=persons.chosen.member_id, name=request.POST.get("name", ""), text=text, filters=filters, sort=sort,
                tells=request.POST.get("tells") == "1", now=timezone.now(),
            )  # fmt: skip
        except (Invalid, TooMany) as refusal:
            messages.error(request, _words(refusal))
            return redirect(request.get_full_path())
        messages.success(request, _("The search is kept."))
        return redirect("account-searches")
    words = _applied(filters)
    context = {
        "text": text,
        "words": words,
        "name": " · ".join([text, *words] if text else words)[: services.LONGEST_NAME],
        "section": "searches",
    }
    return render(request, "accounts/search_keep.html", context)


def _subject(request: HttpRequest) -> tuple[str, int]:
    for subject in services.LISTED:
        number = lending.number_of(request.GET.get(subject))
        if number is not None:
            return subject, number
    raise Http404


def _named(items: Sequence[ItemRow]) -> _Named:
    """What is on a list with its names. One statement."""
    found = things(
        record_ids=[item.number for item in items if item.subject == "record"],
        work_ids=[item.number for item in items if item.subject == "work"],
    )
    return [(item, found.get((item.subject, item.number))) for item in items]


def _address(row: SearchRow) -> str:
    pairs = [("q", row.text)] if row.text else []
    pairs += [(facet, value) for facet, values in row.filters.items() for value in values]
    return f"{reverse('search')}?{urlencode([*pairs, ('sort', row.sort)])}"


def _applied(filters: Any) -> list[str]:
    """The facet values of a search, in the reader's language."""
    language = reader.current().language
    return [wording.facet_value(facet, value, language) for facet, values in filters.items() for value in values]


def _words(refusal: Refusal) -> str:
    if isinstance(refusal, TooMany):
        return _("There are as many as there may be. Please take one out first.")
    fields = refusal.facts.get("fields", {})
    if fields.get("name") == "missing":
        return _("Please give it a name.")
    return _("The name or the note is too long, or has signs that cannot be shown.")
