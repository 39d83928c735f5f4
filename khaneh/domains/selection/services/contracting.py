"""Contracts: made from the round's text in the applicants' language, signed by name, or taken back."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes import services as acting
from khaneh.domains.programmes.types import ApplicationState, Part
from khaneh.domains.selection import notices
from khaneh.domains.selection.errors import ApplicationStateRefused, ContractStateRefused, NoContractText
from khaneh.domains.selection.models import Contract
from khaneh.domains.selection.rules import cases, contracts
from khaneh.domains.selection.services import deciding, holding, writing
from khaneh.domains.selection.types.lists import ContractState, LetterKind
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotFound

_LONGEST_NAME = 200


def issue_contract(*, actor: Actor, application_id: int, now: datetime) -> int:
    """Make the contract of whoever was accepted. Gives its number in the database.

    Raises NotFound, ApplicationStateRefused, ContractStateRefused, NoContractText.
    """
    with db.transaction():
        row = programmes.application(application_id)
        found = holding.held_round(deciding.round_of(row.call_id), actor=actor, applications=[application_id])
        row = programmes.application(application_id)
        if row.state is not ApplicationState.ACCEPTED:
            raise ApplicationStateRefused(application_id=application_id, state=row.state.value)
        before = Contract.objects.filter(application_id=application_id)
        standing = before.exclude(state=ContractState.TAKEN_BACK.value).first()
        if standing is not None:
            raise ContractStateRefused(state=standing.state)
        language = writing.language_of(row)
        text = found.contracts.get(language, "")
        if not text.strip() or contracts.unknown(text):
            raise NoContractText(language=language, unknown=contracts.unknown(text))
        number = f"{found.call_id}-{application_id}-{before.count() + 1}"
        filled = contracts.fill(text, writing.facts_of(found, row, language, now) | {"number": number})
        made = Contract.objects.create(
            round=found, application_id=application_id, number=number, language=language, text=filled,
            digest=cases.digest(filled.encode()), issued_by_id=actor.account_id, issued_at=now,
        )  # fmt: skip
        writing.write(found, row, LetterKind.CONTRACT, now=now)
        holding.note(
            "contract.issued", actor=actor, of=found, now=now, application_id=application_id, number=number,
            digest=made.digest,
        )  # fmt: skip
        notices.tell_applicants("selection.letter", found, row, now=now, key=f"contract:{made.pk}")
    return made.pk


def take_back_contract(*, actor: Actor, contract_id: int, now: datetime) -> None:
    """Take back a contract that nobody has signed, to issue it anew. Raises NotFound, ContractStateRefused."""
    with db.transaction():
        one = Contract.objects.filter(pk=contract_id).first()
        if one is None:
            raise NotFound(what="contract")
        found = holding.held_round(one.round_id, actor=actor, applications=[one.application_id])
        one.refresh_from_db()
        if one.state != ContractState.ISSUED:
            raise ContractStateRefused(state=one.state)
        Contract.objects.filter(pk=contract_id).update(state=ContractState.TAKEN_BACK.value, ended_at=now)
        holding.note(
            "contract.taken_back", actor=actor, of=found, now=now, application_id=one.application_id, number=one.number
        )


def sign_contract(*, actor: Actor, contract_id: int, name: str, now: datetime) -> None:
    """Sign: who answers for the application writes their name under the text as it is. Signed again it changes nothing.

    Raises NotFound, Invalid, ContractStateRefused, ApplicationStateRefused.
    """
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise Invalid(fields={"name": "required" if not name.strip() else "too_long"})
    with db.transaction():
        one = Contract.objects.filter(pk=contract_id).select_related("round").first()
        if one is None or programmes.part_of(one.application_id, actor) is not Part.LEAD:
            raise NotFound(what="contract")
        holding.hold(rounds=[one.round_id], applications=[one.application_id])
        one.refresh_from_db()
        if one.state == ContractState.SIGNED:
            return
        if one.state != ContractState.ISSUED:
            raise ContractStateRefused(state=one.state)
        row = programmes.application(one.application_id)
        if row.state is not ApplicationState.ACCEPTED:
            raise ApplicationStateRefused(application_id=row.id, state=row.state.value)
        Contract.objects.filter(pk=contract_id).update(
            state=ContractState.SIGNED.value, signed_by_id=actor.account_id, signed_name=name.strip(), signed_at=now
        )
        # Who signs keeps no call: the step follows from the signature.
        acting.advance(actor=SYSTEM, application_id=row.id, to=ApplicationState.CONTRACTED, reason=one.number, now=now)
        holding.note(
            "contract.signed", actor=actor, of=one.round, now=now, application_id=row.id, number=one.number,
            digest=one.digest,
        )  # fmt: skip
        notices.tell_officers_of_application("selection.signed", one.round, row.id, now=now, key=f"signed:{one.pk}")
