"""Pages of the catalogue: a record, why it is shown so, its exports, a work, an author, a subject."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue.types import COPY_STATES, CopyRow, CopyState, HeadingPage, RecordPage
from khaneh.domains.discovery import queries as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseRow
from khaneh.formats.marc.description import Agent
from khaneh.formats.marc.exports import names
from khaneh.formats.marc.exports.citations import STYLES, Run, cite
from khaneh.formats.marc.exports.files import FORMS, as_file
from khaneh.formats.marc.exports.schema_org import Offer, schema_org
from khaneh.interfaces.web import paging, reader, results, wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.orthography import sort_key
from khaneh.kernel.refusal import NotFound

PAGE = 24
_MOST_COPIES = 60
_MOST_HOUSES = 400


class _Person(NamedTuple):
    name: str
    romanised: str
    role: str
    dates: str


class _CopyView(NamedTuple):
    row: CopyRow
    state: str
    tone: str
    requestable: bool


class _Citation(NamedTuple):
    style: str
    name: str
    runs: tuple[Run, ...]


def _people(agents: tuple[Agent, ...], language: str) -> list[_Person]:
    return [_Person(a.name, a.romanised, wording.role_name(a.role, language), a.dates) for a in agents]


_TONES = {
    CopyState.AVAILABLE: "good",
    CopyState.ON_LOAN: "warn",
    CopyState.ON_HOLD_SHELF: "warn",
    CopyState.IN_TRANSIT: "warn",
    CopyState.MISSING: "bad",
    CopyState.LOST: "bad",
}


def _copies(page: RecordPage, language: str) -> list[_CopyView]:
    shown = page.copies[:_MOST_COPIES]
    return [
        _CopyView(row, COPY_STATES[row.state].pick(language), _TONES.get(row.state, ""), _may_come(row))
        for row in shown
    ]


def _may_come(row: CopyRow) -> bool:
    """Whether a copy could be brought to somebody some day; the policies decide when it is asked for."""
    return row.house_id is not None and row.state not in (CopyState.LOST, CopyState.MISSING)


def my_house(request: HttpRequest) -> HouseRow | None:
    """The house that the reader starts from, while it exists."""
    code = request.GET.get("from", "") or reader.current().house
    if not code:
        return None
    try:
        return network.house(code, actor=actor_of(request), now=timezone.now()).row
    except NotFound:
        return None


def _houses(language: str) -> list[tuple[str, str]]:
    """Code and name of the houses to start from, by name; none where they are too many for one list. No statement as a rule."""
    known = network.house_names()
    if len(known) > _MOST_HOUSES:
        return []
    named = ((code, label.pick(language)) for code, label in known.items())
    return sorted(named, key=lambda pair: (sort_key(pair[1], language), pair[0]))


def _link(record_id: int) -> str:
    return settings.SITE_URL + reverse("record", args=[record_id])


@require_safe
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    """A record: what it says, where its copies are (nearest first), other editions, how to cite and take it along."""
    who = reader.current()
    mine = my_house(request)
    near = (
        (mine.latitude, mine.longitude) if mine and mine.latitude is not None and mine.longitude is not None else None
    )
    page = catalogue.record_page(record_id, near=near)
    if page.id != record_id:
        return HttpResponsePermanentRedirect(reverse("record", args=[page.id]))
    own = page.description
    link = _link(page.id)
    offers = [
        Offer(
            copy.house_names.pick(who.language),
            settings.SITE_URL + reverse("house", args=[copy.house_code]),
            copy.state is CopyState.AVAILABLE,
        )
        for copy in page.copies
        if copy.house_code
    ]
    similar = results.results(discovery.more_like("record", page.id, limit=8))
    title = names.full_title(own)
    context: dict[str, Any] = {
        "page": page,
        "own": own,
        "title": title,
        "author": own.agents[0].name if own.agents else "",
        "language_code": own.languages[0] if own.languages else "",
        "form": wording.form_name(own.form, who.language),
        "people": _people(own.agents, who.language),
        "languages": [(code, wording.language_name(code, who.language)) for code in own.languages],
        "original_languages": [wording.language_name(code, who.language) for code in own.original_languages],
        "links": [(wording.link_name(one.kind, who.language), one) for one in own.links if one.kind != "online"],
        "online": [one for one in own.links if one.kind == "online" and one.target.startswith(("http://", "https://"))],
        "classifications": [one.partition(":")[::2] for one in own.classifications],
        "copies": _copies(page, who.language),
        "available": sum(copy.state is CopyState.AVAILABLE for copy in page.copies),
        "requestable": any(_may_come(copy) for copy in page.copies),
        "mine": mine,
        "houses": _houses(who.language) if page.copies else [],
        "editions": [line for line in page.editions if line.id != page.id][:12],
        "similar": [one for one in similar if one.key != page.id][:8],
        "citations": [
            _Citation(key, name, cite(own, style=key, language=who.language)) for key, name in STYLES.items()
        ],
        "exports": [(key, one.name) for key, one in FORMS.items()],
        "link": link,
        "json_ld": schema_org(own, url=link, offers=offers[:20]),
        "crumbs": [(_("Home"), reverse("home")), (_("Catalogue"), reverse("search")), (title, "")],
    }
    return render(request, "web/catalogue/record.html", context)


@require_safe
def origin(request: HttpRequest, record_id: int) -> HttpResponse:
    """Why the record is shown so: each field with the contribution it was taken from, and why those belong together."""
    page = catalogue.record_page(record_id, near=None)
    if page.id != record_id:
        return HttpResponsePermanentRedirect(reverse("record-origin", args=[page.id]))
    givers = {row.id: row for row in page.contributions}
    origins = dict(enumerate(page.origins))
    fields = []
    for number, field in enumerate(page.record.fields):
        _tag, contribution = origins.get(number, (field.tag, 0))
        text = field.value or " ".join(f"${code} {value}" for code, value in field.subfields)
        fields.append(
            (
                field.tag,
                f"{field.ind1}{field.ind2}".replace(" ", "#") if field.subfields else "",
                text,
                givers.get(contribution),
            )
        )
    title = names.full_title(page.description)
    context = {
        "page": page,
        "title": title,
        "fields": fields,
        "crumbs": [
            (_("Home"), reverse("home")),
            (title, reverse("record", args=[page.id])),
            (_("Why it is shown so"), ""),
        ],
    }
    return render(request, "web/catalogue/origin.html", context)


@require_safe
def export(request: HttpRequest, record_id: int, form: str) -> HttpResponse:
    """The record as a file."""
    if form not in FORMS:
        raise Http404
    page = catalogue.record_page(record_id, near=None)
    own, link = page.description, _link(page.id)
    content = as_file(
        form,
        record=page.record,
        dialect=page.dialect,
        description=own,
        record_id=page.id,
        url=link,
    )
    response = HttpResponse(content, content_type=FORMS[form].media_type)
    response["Content-Disposition"] = f'attachment; filename="khaneh-{page.id}.{FORMS[form].suffix}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def work(request: HttpRequest, work_id: int) -> HttpResponse:
    """A work with its editions in every language."""
    who = reader.current()
    number = paging.page_number(request)
    page = catalogue.work_page(work_id, offset=(number - 1) * PAGE, limit=PAGE)
    called = page.called(who.language)
    context = {
        "page": page,
        "called": called,
        "available": sum(bool(line.available) for line in page.editions),
        "requestable": any(line.copies for line in page.editions),
        "languages": [wording.language_name(code, who.language) for code in page.languages],
        "pager": paging.pager(request, total=page.total, size=PAGE),
        "json_ld": {
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "@id": settings.SITE_URL + request.path,
            "name": called.title,
            "author": [{"@type": "Person", "name": name} for name in called.creators],
            "workExample": [{"@type": "Book", "@id": _link(line.id), "name": line.title} for line in page.editions],
        },
        "crumbs": [(_("Home"), reverse("home")), (_("Catalogue"), reverse("search")), (called.title, "")],
    }
    return render(request, "web/catalogue/work.html", context)


def _heading(request: HttpRequest, page: HeadingPage, kind: str) -> HttpResponse:
    context = {
        "page": page,
        "kind": kind,
        "pager": paging.pager(request, total=page.total, size=PAGE),
        "crumbs": [(_("Home"), reverse("home")), (_("Catalogue"), reverse("search")), (page.heading, "")],
    }
    return render(request, "web/catalogue/heading.html", context)


@require_safe
def author(request: HttpRequest, heading: str) -> HttpResponse:
    """Everything by one author, under whatever form of the name."""
    number = paging.page_number(request)
    return _heading(request, catalogue.author_page(heading, offset=(number - 1) * PAGE, limit=PAGE), "author")


@require_safe
def subject(request: HttpRequest, heading: str) -> HttpResponse:
    """Everything about one subject."""
    number = paging.page_number(request)
    return _heading(request, catalogue.subject_page(heading, offset=(number - 1) * PAGE, limit=PAGE), "subject")
