"""Signing up an organisation: a draft that nobody else sees, its documents, handing it in, taking it back."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import capability_code
from khaneh.domains.profiles import notices, queries
from khaneh.domains.profiles.errors import Incomplete, NotADocument, SignUpStateRefused, TooManySignUps
from khaneh.domains.profiles.models import SignUp, SignUpDocument
from khaneh.domains.profiles.queries import files
from khaneh.domains.profiles.queries.signups import draft_of, open_signups, rows
from khaneh.domains.profiles.rules import documents as papers
from khaneh.domains.profiles.rules.problems import missing_for_verification, signup_problems
from khaneh.domains.profiles.services import holding
from khaneh.domains.profiles.types import (
    OPEN_SIGNUPS,
    WRITABLE,
    DocumentKind,
    SignUpDraft,
    SignUpRow,
    SignUpState,
)
from khaneh.infrastructure import db, journal
from khaneh.infrastructure.pictures import NotAPicture, PictureTooLarge, drawn
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

# Nobody founds more companies in a season; whoever signs up for many others is an importer.
MOST_OPEN = 5
_WIDTH = 2000  # pixels: small print on a photographed certificate is read at this


def begin_signup(*, actor: Actor, draft: SignUpDraft, now: datetime, key: str = "") -> SignUpRow:
    """Begin a sign-up, seen by nobody else. `key` is what a form carries: sent twice it is one.

    Raises NotAllowed for who has no account, Invalid, TooManySignUps.
    """
    if actor.account_id is None:
        raise NotAllowed(act="profiles.sign_up")
    values = _values(draft)
    made_key = f"{actor.account_id}:{key or secrets.token_hex(16)}"
    with db.transaction():
        db.lock(("profiles.signups_of", actor.account_id))
        made = SignUp.objects.filter(made_key=made_key).first()
        if made is None:
            if open_signups(actor.account_id) >= MOST_OPEN:
                raise TooManySignUps(most=MOST_OPEN)
            made = SignUp.objects.create(
                account_id=actor.account_id, made_key=made_key, made_at=now, changed_at=now, **values
            )
            journal.record("profiles.signup.begun", actor=actor, signup_id=made.pk)
    return rows([made])[0]


def change_signup(*, actor: Actor, signup_id: int, draft: SignUpDraft, now: datetime) -> SignUpRow:
    """Write it anew while it is a draft, or after it was returned. Raises NotFound, Invalid, SignUpStateRefused."""
    values = _values(draft)
    with db.transaction():
        found = holding.own_signup(signup_id, actor)
        _require(found, WRITABLE)
        SignUp.objects.filter(pk=signup_id).update(changed_at=now, **values)
        journal.record("profiles.signup.changed", actor=actor, signup_id=signup_id)
    return rows(SignUp.objects.filter(pk=signup_id))[0]


def add_document(
    *, actor: Actor, signup_id: int, kind: DocumentKind, name: str, content: bytes, now: datetime
) -> SignUpRow:
    """Hand in a document. What it is says its content alone; a picture is drawn anew. The same again changes nothing.

    Raises NotFound, NotADocument, SignUpStateRefused.
    """
    kept, media = _checked(content)
    digest = hashlib.sha256(kept).hexdigest()
    with db.transaction():
        found = holding.own_signup(signup_id, actor)
        _require(found, WRITABLE)
        there = SignUpDocument.objects.filter(signup_id=signup_id)
        if not there.filter(digest=digest).exists():
            if there.count() >= papers.MOST_DOCUMENTS:
                raise NotADocument(reason="too_many")
            files.documents().put([kept])
            SignUpDocument.objects.create(
                signup_id=signup_id,
                kind=kind.value,
                name=" ".join(name.split())[:200],
                digest=digest,
                media=media,
                size=len(kept),
                added_at=now,
            )
            journal.record("profiles.signup.documented", actor=actor, signup_id=signup_id)
    return rows(SignUp.objects.filter(pk=signup_id))[0]


def remove_document(*, actor: Actor, document_id: int) -> SignUpRow:
    """Take a document back before it is looked at. Raises NotFound, SignUpStateRefused."""
    with db.transaction():
        paper = SignUpDocument.objects.filter(pk=document_id).first()
        if paper is None:
            raise NotFound(what="document")
        found = holding.own_signup(paper.signup_id, actor)
        _require(found, WRITABLE)
        forget_documents([paper.pk])
    return rows(SignUp.objects.filter(pk=paper.signup_id))[0]


def submit(*, actor: Actor, signup_id: int, now: datetime) -> SignUpRow:
    """Hand it in to be verified. Once more it changes nothing. An organisation of the register with its number is what it claims.

    Raises NotFound, Incomplete, SignUpStateRefused.
    """
    with db.transaction():
        found = holding.own_signup(signup_id, actor)
        if found.state != SignUpState.SUBMITTED:
            _require(found, WRITABLE)
            code = network.region_refs([found.region_id])[found.region_id].code
            papers_in = SignUpDocument.objects.filter(signup_id=signup_id).count()
            missing = missing_for_verification(draft_of(found, code), documents=papers_in)
            if missing:
                raise Incomplete(missing=list(missing))
            claims = network.organisation_by_number(country=found.country, number=found.registration_number)
            SignUp.objects.filter(pk=signup_id).update(
                state=SignUpState.SUBMITTED.value,
                turn=found.turn + 1,
                submitted_at=now,
                changed_at=now,
                claims_id=claims,
            )
            journal.record("profiles.signup.submitted", actor=actor, signup_id=signup_id, turn=found.turn + 1)
            notices.tell_verifiers(found, now=now)
    return queries.signup(signup_id, actor=actor)


def withdraw_signup(*, actor: Actor, signup_id: int, now: datetime) -> None:
    """Take it back; its documents go. Once more it changes nothing. Raises NotFound, SignUpStateRefused once it is decided."""
    with db.transaction():
        found = holding.own_signup(signup_id, actor)
        if found.state == SignUpState.WITHDRAWN:
            return
        _require(found, OPEN_SIGNUPS)
        forget_documents(list(SignUpDocument.objects.filter(signup_id=signup_id).values_list("pk", flat=True)))
        SignUp.objects.filter(pk=signup_id).update(state=SignUpState.WITHDRAWN.value, changed_at=now)
        journal.record("profiles.signup.withdrawn", actor=actor, signup_id=signup_id)


def forget_documents(document_ids: list[int]) -> None:
    """Delete rows of documents, and their files once that counts and no other row names them."""
    digests = set(SignUpDocument.objects.filter(pk__in=document_ids).values_list("digest", flat=True))
    SignUpDocument.objects.filter(pk__in=document_ids).delete()

    def _forget() -> None:
        named = set(SignUpDocument.objects.filter(digest__in=digests).values_list("digest", flat=True))
        for digest in digests - named:
            files.documents().remove(digest)

    db.on_commit(_forget)


def _require(found: SignUp, states: tuple[SignUpState, ...]) -> None:
    if found.state not in states:
        raise SignUpStateRefused(signup_id=found.pk, state=found.state)


def _checked(content: bytes) -> tuple[bytes, str]:
    """What is kept of a file, and what it is. Raises NotADocument."""
    if not content:
        raise NotADocument(reason="required")
    if len(content) > papers.LARGEST_DOCUMENT:
        raise NotADocument(reason="too_large")
    if papers.is_pdf(content):
        if papers.runs_something(content):
            raise NotADocument(reason="active")
        return content, papers.PDF
    try:
        return drawn(content, widths=[_WIDTH])[0].content, papers.PICTURE
    except PictureTooLarge:
        raise NotADocument(reason="too_large") from None
    except NotAPicture:
        raise NotADocument(reason="not_a_document") from None


def _values(draft: SignUpDraft) -> dict[str, object]:
    draft = replace(draft, registration_number=" ".join(latin_digits(draft.registration_number).split()))
    problems = signup_problems(draft)
    region_id = None
    if "region_code" not in problems:
        try:
            region = network.region(draft.region_code)
        except NotFound:
            problems["region_code"] = "unknown"
        else:
            region_id = region.id
            if region.country != draft.country:
                problems.setdefault("country", "not_of_region")
    if problems:
        raise Invalid(fields=problems)
    return {
        "kind": draft.kind,
        "country": draft.country,
        "region_id": region_id,
        "names": draft.names.to_dict(),
        "registration_number": draft.registration_number,
        "sectors": list(dict.fromkeys(draft.sectors)),
        "capabilities": list(dict.fromkeys(map(capability_code, draft.capabilities))),
        "descriptions": draft.descriptions.to_dict(),
        "address": draft.address.strip(),
        "phone": draft.phone.strip(),
        "email": draft.email.strip(),
        "website": draft.website.strip(),
        "note": draft.note.strip(),
    }
