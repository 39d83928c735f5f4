"""The demonstration's exchange: needs and offers that are open, wait for review or are over, needs that several have and nobody answers, and
matches as far as they went.

`week` counts from today; each act is done through the services with the clock of its day, in the name of the organisation that would do it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from khaneh.interfaces.cli.demo_spaces import lines_of
from khaneh.interfaces.cli.exits import Failed

if TYPE_CHECKING:
    from khaneh.domains.exchange.types import PostingRow
    from khaneh.kernel.actor import Actor

_Line = Mapping[str, str]
_DAY = timedelta(days=1)
_SUBMITTED, _REVIEWED = 2 * _DAY, 3 * _DAY
_STEPS = ("invited", "interested", "introduced", "in_talks", "agreed", "in_use")
# What came of it is said some weeks after it was agreed, or today.
_SAID_AFTER = timedelta(weeks=3)


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Everything of needs.csv, repeated.csv, offers.csv and matches.csv that is not there yet. Raises Failed."""
    from khaneh.domains.exchange import services
    from khaneh.domains.network import queries as network
    from khaneh.kernel.refusal import Refusal

    done: Counter[str] = Counter()
    needs, repeated, offers, matches = (
        lines_of(folder / f"{name}.csv") for name in ("needs", "repeated", "offers", "matches")
    )
    needs = [*needs, *repeated]
    try:
        codes = {line["organisation"] for line in (*needs, *offers)} | {line["partner"] for line in matches}
        organisations = {code: network.organisation(code).row.id for code in sorted(codes)}
        keys: dict[str, tuple[PostingRow, int]] = {}
        for kind, lines in (("need", needs), ("offer", offers)):
            for line in lines:
                made, is_fresh = _posting(kind, line, organisations[line["organisation"]], now)
                keys[line["key"]] = (made, organisations[line["organisation"]])
                done[f"{kind}s"] += is_fresh
        for line in matches:
            done["matches"] += _match(line, keys, organisations[line["partner"]], now)
        while any(services.sweep(now=now)):
            pass
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return done


def _posting(kind: str, line: _Line, organisation_id: int, now: datetime) -> tuple[PostingRow, bool]:
    from khaneh.domains.exchange import services
    from khaneh.domains.exchange.types import Partnership, PostingDraft, PostingKind, PostingState
    from khaneh.kernel.actor import SYSTEM

    at = now + timedelta(weeks=int(line["week"]))
    expired = line["state"] == "expired"
    draft = PostingDraft(
        kind=PostingKind(kind), language=line["language"], title=line["title"], problem=line["problem"],
        context=line["context"], limits=line["limits"], technology=line["technology"], readiness=int(line["readiness"]),
        budget_from=int(line["budget_from"]), budget_to=int(line["budget_to"]), currency=line["currency"],
        partnerships=tuple(Partnership(code) for code in line["partnerships"].split(";")), sector=line["sector"],
        house_code=line["house"], broker_house_code=line["broker_house"], anonymous=line["anonymous"] == "yes",
        closes_on=(at + timedelta(weeks=6)).date() if expired else None,
    )  # fmt: skip
    actor = _speaker(organisation_id)
    made = services.add_posting(
        actor=actor, organisation_id=organisation_id, draft=draft, now=at, key=f"demo:{line['key']}"
    )
    if made.state is not PostingState.DRAFT or made.submitted_at is not None:
        return made, False
    at = now - _DAY if line["state"] == "submitted" else at
    seen = services.seen_mark(services.telltale(actor=actor, posting_id=made.id, now=at))
    made = services.submit(actor=actor, posting_id=made.id, now=min(at + _SUBMITTED, now), seen=seen)
    if line["state"] != "submitted":
        made = services.approve(actor=SYSTEM, posting_id=made.id, now=min(at + _REVIEWED, now))
    return made, True


def _match(line: _Line, keys: Mapping[str, tuple[PostingRow, int]], partner_id: int, now: datetime) -> int:
    """One match as far as it went; gives how many were made."""
    from khaneh.domains.exchange import queries, services
    from khaneh.kernel.actor import SYSTEM

    need, owner_id = keys[line["need"]]
    if any(one.partner.id == partner_id for one in queries.matches_of_need(need.id, actor=SYSTEM)):
        return 0
    offer_id = keys[line["offer"]][0].id if line["offer"] else None
    at = now + timedelta(weeks=int(line["week"]))
    partner, owner = _speaker(partner_id), _speaker(owner_id)
    number = services.invite(actor=SYSTEM, need_id=need.id, partner_id=partner_id, offer_id=offer_id, now=at)
    far = _STEPS.index("interested" if line["far"] == "ended" else line["far"])
    if far >= 1:
        services.show_interest(
            actor=partner, need_id=need.id, partner_id=partner_id, words=line["words"], now=at + _DAY
        )
    if line["far"] == "ended":
        services.end_match(actor=owner, match_id=number, words=line["note"], now=at + 4 * _DAY)
    if far >= 2:
        services.say_yes(actor=owner, match_id=number, now=at + 2 * _DAY)
        services.introduce(actor=SYSTEM, match_id=number, now=at + 3 * _DAY, meeting_at=_by_day(at + 8 * _DAY))
    if far >= 3:
        services.start_talks(actor=SYSTEM, match_id=number, now=at + 8 * _DAY)
        found = queries.match(number, actor=SYSTEM)
        text = queries.begun(found, template="pilot", language=need.language, day=f"{at.date():%Y-%m-%d}")
        services.propose_text(
            actor=owner, match_id=number, text=text, language=need.language, template="pilot", now=at + 10 * _DAY
        )
    if far >= 4:
        services.accept_text(actor=partner, match_id=number, version=1, now=at + 12 * _DAY)
    if far >= 5:
        _outcome(number, line["note"], owner=owner, partner=partner, at=min(at + _SAID_AFTER, now))
    return 1


def _by_day(at: datetime) -> datetime:
    """The same day at an hour when people meet both in Iran and in Vietnam."""
    return at.replace(hour=7, minute=0, second=0, microsecond=0)


def _outcome(number: int, words: str, *, owner: Actor, partner: Actor, at: datetime) -> None:
    from khaneh.domains.exchange import services
    from khaneh.domains.exchange.types import OutcomeKind

    told = services.tell_outcome(actor=owner, match_id=number, kind=OutcomeKind.IN_USE, words=words, now=at)
    services.confirm_outcome(actor=partner, match_id=number, outcome_id=told.outcomes[0].id, now=at)


def _speaker(organisation_id: int) -> Actor:
    """Somebody who speaks for an organisation, nobody in particular."""
    from khaneh.domains.network.types import Role
    from khaneh.kernel.actor import Actor, Grant

    return Actor(name="demonstration", grants=(Grant(Role.PROGRAMME_MANAGER, organisation_id=organisation_id),))
