"""Sign-ups: one's own, and those that wait to be verified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.profiles import permissions
from khaneh.domains.profiles.models import SignUp, SignUpDecision, SignUpDocument
from khaneh.domains.profiles.queries import files
from khaneh.domains.profiles.types import (
    DecisionRow,
    DocumentKind,
    DocumentRow,
    Outcome,
    SignUpDraft,
    SignUpRow,
    SignUpState,
)
from khaneh.infrastructure.blobs import BlobMissing
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def signups_of(account_id: int, *, actor: Actor) -> list[SignUpRow]:
    """One's own sign-ups, the latest first; nothing for anybody else. Eight statements."""
    if not (actor.is_system or actor.account_id == account_id):
        return []
    return rows(SignUp.objects.filter(account_id=account_id).order_by("-changed_at", "-pk")[:50])


def waiting(*, actor: Actor, limit: int = 100) -> list[SignUpRow]:
    """What the actor may verify, the longest waiting first. About ten statements."""
    found = SignUp.objects.filter(state=SignUpState.SUBMITTED.value).order_by("submitted_at", "pk")
    if not actor.is_system:
        places = network.places_of_regions(set(found.values_list("region_id", flat=True)))
        mine = [region for region, place in places.items() if actor.holds(permissions.VERIFIERS, place)]
        found = found.filter(region_id__in=mine)
    return rows(found[:limit])


def decided_lately(*, actor: Actor, limit: int = 20) -> list[SignUpRow]:
    """What was decided last, of what the actor may verify. About ten statements."""
    found = SignUp.objects.filter(turn__gte=1).exclude(state=SignUpState.SUBMITTED.value)
    if not actor.is_system:
        places = network.places_of_regions(set(found.values_list("region_id", flat=True)))
        mine = [region for region, place in places.items() if actor.holds(permissions.VERIFIERS, place)]
        found = found.filter(region_id__in=mine)
    return rows(found.order_by("-changed_at", "-pk")[:limit])


def signup(signup_id: int, *, actor: Actor) -> SignUpRow:
    """One sign-up, for who made it and, once submitted, who may verify it. About ten statements. Raises NotFound."""
    return rows([_seen(signup_id, actor)])[0]


def document(document_id: int, *, actor: Actor) -> tuple[DocumentRow, bytes]:
    """A document with its content, for the same people. Five statements. Raises NotFound."""
    found = SignUpDocument.objects.filter(pk=document_id).first()
    if found is None:
        raise NotFound(what="document")
    _seen(found.signup_id, actor)
    try:
        with files.documents().open(found.digest) as content:
            return _document(found), content.read()
    except BlobMissing:
        raise NotFound(what="document") from None


def rows(found: QuerySet[SignUp] | Iterable[SignUp]) -> list[SignUpRow]:
    """Their rows, in the same order. Seven statements beyond the given."""
    signups = list(found)
    ids = [one.pk for one in signups]
    regions = dict(SignUp.objects.filter(pk__in=ids).values_list("pk", "region__path"))
    refs = network.region_refs(number for path in regions.values() for number in path)
    organisations = network.organisation_refs(
        number for one in signups for number in (one.claims_id, one.organisation_id) if number is not None
    )
    documents: dict[int, list[DocumentRow]] = defaultdict(list)
    for paper in SignUpDocument.objects.filter(signup_id__in=ids).order_by("pk"):
        documents[paper.signup_id].append(_document(paper))
    decided = list(SignUpDecision.objects.filter(signup_id__in=ids).order_by("turn"))
    names = people.account_names([*(one.account_id for one in signups), *(one.decided_by_id for one in decided)])
    decisions: dict[int, list[DecisionRow]] = defaultdict(list)
    for one in decided:
        by = names.get(one.decided_by_id or 0, "")
        decisions[one.signup_id].append(
            DecisionRow(one.turn, Outcome(one.outcome), tuple(one.reasons), one.words, by, one.decided_at)
        )
    return [
        SignUpRow(
            id=row.pk,
            state=SignUpState(row.state),
            draft=draft_of(row, refs[regions[row.pk][-1]].code),
            regions=tuple(refs[number] for number in regions[row.pk]),
            applicant=names.get(row.account_id or 0, ""),
            account_id=row.account_id or 0,
            claims=organisations.get(row.claims_id or 0),
            organisation=organisations.get(row.organisation_id or 0),
            turn=row.turn,
            made_at=row.made_at,
            submitted_at=row.submitted_at,
            documents=tuple(documents[row.pk]),
            decisions=tuple(decisions[row.pk]),
        )
        for row in signups
    ]


def draft_of(row: SignUp, region_code: str) -> SignUpDraft:
    """What it says, in the shape in which it is changed."""
    return SignUpDraft(
        kind=row.kind,
        names=Label.from_dict(row.names),
        country=row.country,
        region_code=region_code,
        registration_number=row.registration_number,
        sectors=tuple(row.sectors),
        capabilities=tuple(row.capabilities),
        descriptions=Label.from_dict(row.descriptions),
        address=row.address,
        phone=row.phone,
        email=row.email,
        website=row.website,
        note=row.note,
    )


def _seen(signup_id: int, actor: Actor) -> SignUp:
    found = SignUp.objects.filter(pk=signup_id).first()
    if found is None:
        raise NotFound(what="signup")
    if actor.is_system or (actor.account_id is not None and actor.account_id == found.account_id):
        return found
    # A draft is nobody else's, and what was withdrawn is forgotten.
    shown = found.state not in (SignUpState.DRAFT, SignUpState.WITHDRAWN)
    if not (shown and permissions.may_verify(actor, region_id=found.region_id)):
        raise NotFound(what="signup")
    return found


def _document(row: SignUpDocument) -> DocumentRow:
    return DocumentRow(row.pk, DocumentKind(row.kind), row.name, row.media, row.size, row.added_at)


def open_signups(account_id: int) -> int:
    """How many of an account's sign-ups are not over. One statement."""
    states = Q(state__in=[SignUpState.DRAFT.value, SignUpState.SUBMITTED.value, SignUpState.RETURNED.value])
    return SignUp.objects.filter(states, account_id=account_id).count()
