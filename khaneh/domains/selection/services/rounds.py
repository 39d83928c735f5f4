"""The rules of a call's selection: drafted, and fixed before anybody judges."""

from __future__ import annotations

import secrets
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.selection import permissions
from khaneh.domains.selection.errors import RulesFixed
from khaneh.domains.selection.models import Round
from khaneh.domains.selection.rules import cases, contracts, drafts
from khaneh.domains.selection.services import holding
from khaneh.domains.selection.types.rows import RoundDraft
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid


def open_round(*, actor: Actor, call_id: int, now: datetime) -> int:
    """Begin a call's selection with the usual rules; where it is begun already this is that one. Gives the round's number.

    Raises NotFound.
    """
    call = programmes.call(call_id)
    permissions.require_run(actor, call.house.id)
    with db.transaction():
        db.lock(("selection.call", call_id))
        found = Round.objects.filter(call_id=call_id).first()
        if found is not None:
            return found.pk
        seed = secrets.token_hex(16)
        made = Round.objects.create(
            call_id=call_id,
            house_id=call.house.id,
            places=call.places,
            waiting=min(1000, max(2, call.places // 2)),
            deprivation_index_id=call.deprivation_index_id,
            equity=drafts.equity_stored(drafts.USUAL_EQUITY),
            contracts=contracts.SHIPPED.to_dict(),
            seed=seed,
            commitment=cases.commitment(seed),
            made_at=now,
            changed_at=now,
        )
        holding.note("round.opened", actor=actor, of=made, now=now, call_id=call_id)
    return made.pk


def change_round(*, actor: Actor, round_id: int, draft: RoundDraft, now: datetime) -> None:
    """Change the rules while they are not fixed. Raises NotFound, RulesFixed, Invalid."""
    known = set(network.region_names())
    wrong = drafts.problems(draft, known)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        found = holding.held_round(round_id, actor=actor)
        if found.fixed_at is not None:
            raise RulesFixed(round_id=round_id)
        Round.objects.filter(pk=round_id).update(
            **{name: getattr(draft, name) for name in drafts.NUMBERS},
            equity=drafts.equity_stored(draft.equity),
            changed_at=now,
        )
        holding.note("round.changed", actor=actor, of=found, now=now)


def fix_round(*, actor: Actor, round_id: int, now: datetime) -> None:
    """Fix the rules, so that reviews can be assigned; from here on the digest of the lottery's seed is public. Done again it changes nothing.

    Places and the version of the index of deprivation are the call's at this moment. Raises NotFound.
    """
    with db.transaction():
        found = holding.held_round(round_id, actor=actor)
        if found.fixed_at is not None:
            return
        call = programmes.call(found.call_id)
        index_id = call.deprivation_index_id
        Round.objects.filter(pk=round_id).update(
            places=call.places, deprivation_index_id=index_id, fixed_at=now, changed_at=now
        )
        holding.note(
            "round.fixed", actor=actor, of=found, now=now, commitment=found.commitment, deprivation_index_id=index_id
        )


def change_contracts(*, actor: Actor, round_id: int, texts: Label, now: datetime) -> None:
    """Change the text from which contracts are made; those that were issued stay as they are. Raises NotFound, Invalid."""
    wrong = {f"text_{language}": "unknown_word" for language in contracts.wrong_languages(texts)}
    wrong |= {f"text_{language}": "too_long" for language in contracts.long_languages(texts)}
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        found = holding.held_round(round_id, actor=actor)
        Round.objects.filter(pk=round_id).update(contracts=texts.to_dict(), changed_at=now)
        holding.note("contract.text_changed", actor=actor, of=found, now=now)
