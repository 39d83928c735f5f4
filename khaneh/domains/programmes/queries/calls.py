"""Programmes and calls: what everybody finds, and what a house keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.programmes import permissions
from khaneh.domains.programmes.models import Call, CallQuestion, Criterion, FormVersion, Programme, Quota
from khaneh.domains.programmes.types import (
    AskedRow,
    CallPage,
    CallRow,
    CallStage,
    CallState,
    CriterionRow,
    FormRow,
    ProgrammeKind,
    ProgrammeRow,
    Question,
    QuotaKind,
    QuotaRow,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_PUBLIC = [CallState.PUBLISHED.value, CallState.DECIDED.value, CallState.CANCELLED.value]


def programmes_of_house(house_id: int, *, actor: Actor) -> list[ProgrammeRow]:
    """The programmes of a house, for who keeps them. Two statements. Raises NotFound for no house."""
    if not permissions.may_manage(actor, house_id=house_id):
        return []
    houses = network.house_refs([house_id])
    return [programme_row(one, houses) for one in Programme.objects.filter(house_id=house_id).order_by("code")]


def programme(code: str) -> ProgrammeRow:
    """One programme. Two statements. Raises NotFound."""
    found = Programme.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what="programme")
    return programme_row(found, network.house_refs([found.house_id]))


def call(call_id: int) -> CallRow:
    """One call, whatever its state and whoever asks: for the domains above. Four statements. Raises NotFound."""
    found = rows(Call.objects.filter(pk=call_id))
    if not found:
        raise NotFound(what="call")
    return found[0]


def seen_call(call_id: int, *, actor: Actor) -> CallRow:
    """One call. Everybody sees what was published; a draft only who keeps it. Four statements. Raises NotFound."""
    found = call(call_id)
    if found.published_at is None and not permissions.may_manage(actor, house_id=found.house.id):
        raise NotFound(what="call")
    return found


def calls(
    *,
    now: datetime,
    stage: CallStage | None = None,
    kind: str = "",
    region_code: str = "",
    offset: int = 0,
    limit: int = 24,
) -> CallPage:
    """What was published: open ones first, the soonest deadline at the top, then those to come, then those that are over.

    `region_code` is of the house. Five statements, and five with a region.
    """
    found = Call.objects.filter(state__in=_PUBLIC, published_at__isnull=False)
    if stage is CallStage.OPEN:
        found = found.filter(state=CallState.PUBLISHED.value, opens_at__lte=now, closes_at__gt=now)
    elif stage is CallStage.PUBLISHED:
        found = found.filter(state=CallState.PUBLISHED.value, opens_at__gt=now)
    elif stage is CallStage.CLOSED:
        found = found.filter(state=CallState.PUBLISHED.value, closes_at__lte=now)
    elif stage is not None:
        found = found.filter(state=stage.value)
    if kind:
        found = found.filter(programme__kind=kind)
    if region_code:
        found = found.filter(house__region_id__in=[row.id for row in network.regions(below=region_code)])
    published = Q(state=CallState.PUBLISHED.value)
    turn = Case(
        When(published & Q(opens_at__lte=now, closes_at__gt=now), then=0),
        When(published & Q(opens_at__gt=now), then=1),
        default=2,
    )
    # What is over comes with the latest deadline first.
    over = Case(When(closes_at__lte=now, then=F("closes_at")))
    page = found.order_by(turn, over.desc(nulls_first=True), "closes_at", "pk")
    return CallPage(found.count(), tuple(rows(page[offset : offset + limit])))


def calls_of_house(house_id: int, *, actor: Actor, limit: int = 200) -> list[CallRow]:
    """All calls of a house, the latest first; nothing for who does not keep them. Four statements. Raises NotFound for no house."""
    if not permissions.may_manage(actor, house_id=house_id):
        return []
    return rows(Call.objects.filter(house_id=house_id).order_by("-made_at", "-pk")[:limit])


def calls_by_ids(call_ids: Iterable[int]) -> dict[int, CallRow]:
    """Those that exist, whatever their state. Four statements."""
    return {row.id: row for row in rows(Call.objects.filter(pk__in=set(call_ids)))}


def public_call_ids() -> Iterator[list[int]]:
    """Every call that was published, in lists of at most 1,000. One statement a list."""
    last = 0
    found = Call.objects.filter(state__in=_PUBLIC, published_at__isnull=False).order_by("pk")
    while ids := list(found.filter(pk__gt=last).values_list("pk", flat=True)[:1000]):
        yield ids
        last = ids[-1]


def form(form_id: int) -> FormRow:
    """One version of a form. One statement. Raises NotFound."""
    found = FormVersion.objects.filter(pk=form_id).first()
    if found is None:
        raise NotFound(what="form")
    return _form(found)


def form_in_work(call_id: int, *, actor: Actor) -> FormRow | None:
    """The version that is being made, else the last that was published, for who keeps the call. At most five statements. Raises NotFound."""
    seen = seen_call(call_id, actor=actor)
    if not permissions.may_manage(actor, house_id=seen.house.id):
        raise NotFound(what="call")
    found = FormVersion.objects.filter(call_id=call_id).order_by("-number").first()
    return _form(found) if found else None


def asked(call_id: int, *, actor: Actor) -> list[AskedRow]:
    """The questions about a call: answered ones for everybody, all for who keeps it, one's own for oneself; the latest last. Five statements."""
    manages = permissions.may_manage(actor, house_id=seen_call(call_id, actor=actor).house.id)
    found = []
    for one in CallQuestion.objects.filter(call_id=call_id).order_by("asked_at", "pk"):
        own = actor.account_id is not None and one.account_id == actor.account_id
        if manages or own or (one.answered_at is not None and not one.hidden):
            found.append(
                AskedRow(one.pk, one.text, one.asked_at, Label.from_dict(one.answers), one.answered_at, one.hidden, own)
            )
    return found


def rows(found: QuerySet[Call]) -> list[CallRow]:
    """Rows in the order of the query. Four statements, whatever their number."""
    calls_ = list(found.select_related("programme", "region", "form"))
    ids = [one.pk for one in calls_]
    criteria: dict[int, list[CriterionRow]] = defaultdict(list)
    for one in Criterion.objects.filter(call_id__in=ids).order_by("position", "pk"):
        criteria[one.call_id].append(
            CriterionRow(
                one.pk, one.code, Label.from_dict(one.names), Label.from_dict(one.hints), one.weight, one.scale_max
            )
        )
    quotas: dict[int, list[QuotaRow]] = defaultdict(list)
    for quota in Quota.objects.filter(call_id__in=ids).select_related("region").order_by("position"):
        region = quota.region
        quotas[quota.call_id].append(
            QuotaRow(
                quota.pk,
                QuotaKind(quota.kind),
                quota.places,
                Ref(region.pk, region.code, Label.from_dict(region.names)) if region else None,
                quota.decile_max,
            )
        )
    houses = network.house_refs(one.house_id for one in calls_)
    return [
        CallRow(
            id=one.pk,
            programme=programme_row(one.programme, houses),
            names=Label.from_dict(one.names),
            descriptions=Label.from_dict(one.descriptions),
            state=CallState(one.state),
            places=one.places,
            for_persons=one.for_persons,
            for_kinds=tuple(one.for_kinds),
            sectors=tuple(one.sectors),
            region=Ref(one.region.pk, one.region.code, Label.from_dict(one.region.names)) if one.region else None,
            opens_at=one.opens_at,
            closes_at=one.closes_at,
            results_on=one.results_on,
            deprivation_index_id=one.deprivation_index_id,
            form=_form(one.form) if one.form else None,
            published_at=one.published_at,
            checked_at=one.checked_at,
            criteria=tuple(criteria[one.pk]),
            quotas=tuple(quotas[one.pk]),
        )
        for one in calls_
    ]


def programme_row(one: Programme, houses: dict[int, Ref]) -> ProgrammeRow:
    """A programme, with the houses that were read."""
    return ProgrammeRow(
        one.pk,
        one.code,
        ProgrammeKind(one.kind),
        Label.from_dict(one.names),
        Label.from_dict(one.descriptions),
        houses[one.house_id],
    )


def _form(one: FormVersion) -> FormRow:
    return FormRow(
        one.pk,
        one.call_id,
        one.number,
        one.revision,
        one.published_at is not None,
        tuple(Question.from_dict(stored) for stored in one.questions),
    )
