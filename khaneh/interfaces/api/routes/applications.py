"""One's own applications to calls: begun, written, documents added, handed in, corrected until the deadline, withdrawn."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictInt, StrictStr

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.types import (
    APPLICATION_STATES,
    PARTS,
    ApplicationDraft,
    ApplicationRow,
    ApplicationState,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, writes
from khaneh.interfaces.api.routes.programmes import EligibilityOut, ReasonOut, SentOut, sent_shape
from khaneh.interfaces.api.values import Body, Code, GivenCode, IdInPath, Listed, Names, Note, Reference, reference
from khaneh.kernel.refusal import Invalid, NotFound

router = Router(tags=["programmes"])

_Typed = Annotated[StrictStr, Field(max_length=10_001)]
# With the rest of the call below what the server takes in one: larger documents go in by the page.
_MOST_ENCODED = 4_800_000


class OwnLine(Schema):
    """One of one's own applications, or an invitation that waits (`joined` is false)."""

    id: int
    call: int
    call_names: Names
    house: Reference
    closes_at: datetime | None
    title: str
    state: Listed
    part: Listed
    joined: bool


class OwnApplications(Schema):
    """What changed last first."""

    applications: list[OwnLine]


class DocumentOut(Schema):
    """A document that was added in answer to a question; `size` in bytes."""

    id: int
    question: str
    name: str
    media_type: str
    sha256: str
    size: int


class ReceiptOut(Schema):
    """What was handed in: `sha256` of its canonical JSON."""

    receipt: str
    version: int
    sha256: str
    submitted_at: datetime


class DraftOut(Schema):
    """What is being written, as it was typed."""

    title: str
    summary: str
    region: str
    answers: dict[str, Any]


class ApplicationOut(SentOut):
    """An application to its team: the last that was handed in, the draft, what it lacks, what the rules would say now.

    `revision` is to be given back when saving or handing in: who read an older one is told. `missing`: a field's name or a question's key with a
    reason. `form_version` is the form it is written on.
    """

    part: Listed
    revision: int
    form_version: int
    draft: DraftOut
    documents: list[DocumentOut]
    missing: dict[str, str]
    would_be: EligibilityOut | None
    receipts: list[ReceiptOut]


class BeginBody(Body):
    """Begin an application; for an organisation that one speaks for, by its code."""

    organisation: GivenCode | None = None
    title: Annotated[StrictStr, Field(max_length=300, pattern=r"^[^\x00]*$")] = ""


class DraftBody(Body):
    """The whole draft, right or wrong: by the keys of the form a text, a list of codes for several choices, a list of lists of texts for a table."""

    revision: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
    title: _Typed = ""
    summary: _Typed = ""
    region: Code = ""
    answers: dict[str, _Typed | list[_Typed] | list[list[_Typed]]] = Field(default_factory=dict, max_length=200)


class DocumentBody(Body):
    """A document in answer to a question; at most 3.5 MB here, by the page up to 20 MB. What it is, its content says."""

    question: Annotated[StrictStr, Field(min_length=1, max_length=40)]
    name: Annotated[StrictStr, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
    content: Annotated[StrictStr, Field(max_length=_MOST_ENCODED, description="Base64 (RFC 4648)")]


class RevisionBody(Body):
    """The revision that is handed in."""

    revision: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]


class WithdrawBody(Body):
    """Why, if one wants to say so."""

    reason: Note = ""


@router.get("/me/applications", response={200: OwnApplications, **FAILURES}, auth=KEY)
def my_applications(request: HttpRequest) -> OwnApplications:
    """What one writes or is invited to."""
    account_id = own_account(request)
    found = queries.own(actor_of(request), email=people.own_address(account_id))
    return OwnApplications(
        applications=[
            OwnLine(
                id=one.application.id, call=one.application.call_id, call_names=Names.of(one.call), house=reference(one.house),
                closes_at=one.closes_at, title=one.application.title,
                state=Listed.of(one.application.state, APPLICATION_STATES), part=Listed.of(one.part, PARTS), joined=one.joined,
            )
            for one in found
        ]
    )  # fmt: skip


@writes(router, "/calls/{call_id}/apply", answer=ApplicationOut, status=201)
def application_begin(request: HttpRequest, call_id: IdInPath, body: BeginBody) -> ApplicationOut:
    """Begin one, as a draft that nobody but its team sees."""
    own_account(request)
    organisation_id = network.organisation(body.organisation).row.id if body.organisation else None
    made = services.begin(
        actor=actor_of(request), call_id=call_id, organisation_id=organisation_id, title=body.title, now=timezone.now()
    )
    return _shape(request, made.id)


@router.get("/me/applications/{application_id}", response={200: ApplicationOut, **FAILURES}, auth=KEY)
def my_application(request: HttpRequest, application_id: IdInPath) -> ApplicationOut:
    """One of one's own, with its draft and what it lacks."""
    own_account(request)
    return _shape(request, application_id)


@writes(router, "/me/applications/{application_id}", answer=ApplicationOut, method="put")
def application_save(request: HttpRequest, application_id: IdInPath, body: DraftBody) -> ApplicationOut:
    """Keep the draft. What was handed in stays what counts until it is handed in again."""
    own_account(request)
    services.save(
        actor=actor_of(request), application_id=application_id, revision=body.revision, now=timezone.now(),
        draft=ApplicationDraft(body.title, body.summary, body.region, body.answers), language=request.LANGUAGE_CODE or "",
    )  # fmt: skip
    return _shape(request, application_id)


@writes(router, "/me/applications/{application_id}/documents", answer=DocumentOut, status=201)
def application_document_add(request: HttpRequest, application_id: IdInPath, body: DocumentBody) -> DocumentOut:
    """Add a document. One that is not what its name says is refused."""
    own_account(request)
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        raise Invalid(fields={"content": "format"}) from error
    row = services.add_file(
        actor=actor_of(request), application_id=application_id, question=body.question, name=body.name, content=content,
        now=timezone.now(),
    )  # fmt: skip
    return DocumentOut(
        id=row.id, question=row.question, name=row.name, media_type=row.media_type, sha256=row.digest, size=row.size
    )


@writes(router, "/me/applications/{application_id}/documents/{document_id}/remove", answer=ApplicationOut)
def application_document_remove(
    request: HttpRequest, application_id: IdInPath, document_id: IdInPath
) -> ApplicationOut:
    """Take a document out of the draft; a submission that names it keeps it."""
    own_account(request)
    services.remove_file(
        actor=actor_of(request), application_id=application_id, file_id=document_id, now=timezone.now()
    )
    return _shape(request, application_id)


@writes(router, "/me/applications/{application_id}/submit", answer=ReceiptOut)
def application_submit(request: HttpRequest, application_id: IdInPath, body: RevisionBody) -> ReceiptOut:
    """Hand in what is written, for the first time or again, by the network's clock. The last that was handed in before the deadline counts."""
    own_account(request)
    row = services.submit(actor=actor_of(request), application_id=application_id, revision=body.revision)
    return ReceiptOut(receipt=row.receipt, version=row.version, sha256=row.digest, submitted_at=row.submitted_at)


@writes(router, "/me/applications/{application_id}/withdraw", answer=ApplicationOut)
def application_withdraw(request: HttpRequest, application_id: IdInPath, body: WithdrawBody) -> ApplicationOut:
    """Take part no more."""
    own_account(request)
    services.withdraw(
        actor=actor_of(request), application_id=application_id, reason=body.reason, now=timezone.now()
    )  # fmt: skip
    return _shape(request, application_id)


def _shape(request: HttpRequest, application_id: int) -> ApplicationOut:
    row, part = queries.seen_application(application_id, actor=actor_of(request))
    if part is None:
        raise NotFound(what="application")
    writable = row.state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
    draft = queries.draft_of(row.id)
    return ApplicationOut(
        **sent_shape(row),
        part=Listed.of(part, PARTS),
        revision=row.revision,
        form_version=queries.form(row.form_id).number,
        draft=DraftOut(title=draft.title, summary=draft.summary, region=draft.region_code, answers=dict(draft.answers)),
        documents=[
            DocumentOut(
                id=one.id, question=one.question, name=one.name, media_type=one.media_type, sha256=one.digest, size=one.size
            )
            for one in queries.files_of(row.id)
        ],
        missing=services.wanting(row.id) if writable else {},
        would_be=_would_be(row) if writable else None,
        receipts=[
            ReceiptOut(receipt=one.receipt, version=one.version, sha256=one.digest, submitted_at=one.submitted_at)
            for one in queries.submissions_of(row.id)
        ],
    )  # fmt: skip


def _would_be(row: ApplicationRow) -> EligibilityOut:
    told = services.would_be(row.id, now=timezone.now())
    return EligibilityOut(
        permitted=told.permitted,
        reasons=[
            ReasonOut(code=one.code, names=Names.of(one.label), remedy=Names.of(one.remedy) if one.remedy else None)
            for one in told.reasons
        ],
    )
