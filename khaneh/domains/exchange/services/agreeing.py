"""The text that both sides accept, version by version, and what came of it."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.exchange import notices, queries
from khaneh.domains.exchange.errors import AgreedAlready, OldVersion, OutcomeConfirmed, OwnSide
from khaneh.domains.exchange.models import Agreement, Match, Outcome
from khaneh.domains.exchange.rules import evidence
from khaneh.domains.exchange.rules.drafts import LONGEST_NOTE, LONGEST_TEXT
from khaneh.domains.exchange.services import holding
from khaneh.domains.exchange.services.matching import held_as
from khaneh.domains.exchange.types import CloseReason, MatchRow, MatchState, OutcomeKind, PostingState, Side
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import LANGUAGES
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound


def propose_text(*, actor: Actor, match_id: int, text: str, language: str, template: str, now: datetime) -> MatchRow:
    """Another version of the agreement. A side that proposes it has accepted it; the broker's is accepted by both.

    The same text again changes nothing. Raises NotFound, MatchStateRefused, Invalid.
    """
    text = text.replace("\r\n", "\n").strip()
    wrong = {}
    if not text or len(text) > LONGEST_TEXT:
        wrong["text"] = "too_long" if text else "required"
    if language not in LANGUAGES:
        wrong["language"] = "not_in_list"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        match = held_as(actor, match_id)
        holding.require_match_state(match, MatchState.IN_TALKS)
        side = queries.side_of(match, actor) or Side.BROKER
        last = Agreement.objects.filter(match=match).order_by("-version").first()
        if last is None or last.text != text:
            made = Agreement.objects.create(
                match=match, version=last.version + 1 if last else 1, template=template[:80], language=language,
                text=text, side=side.value, made_at=now, made_by_id=actor.account_id,
                **({f"{side.value}_at": now, f"{side.value}_by_id": actor.account_id} if side is not Side.BROKER else {}),
            )  # fmt: skip
            holding.note(
                "exchange.agreement.proposed", match.need, actor=actor, match_id=match_id, version=made.version
            )
            notices.tell_match(
                "exchange.agreement", match, now=now, owner=side is not Side.OWNER, partner=side is not Side.PARTNER,
                turn=str(made.version),
            )  # fmt: skip
    return queries.match(match_id, actor=actor)


def accept_text(*, actor: Actor, match_id: int, version: int, now: datetime) -> MatchRow:
    """One side accepts the last version; when both have, the need is agreed on and nothing comes of its other matches.

    Who speaks for both sides accepts for none. Raises NotFound, OwnSide, MatchStateRefused, OldVersion, AgreedAlready.
    """
    with db.transaction():
        match = held_as(actor, match_id)
        side = queries.side_of(match, actor)
        if side not in (Side.OWNER, Side.PARTNER):
            raise NotAllowed(act="exchange.accept")
        if len(queries.sides_of(match, actor) - {Side.BROKER}) > 1:
            raise OwnSide
        if match.state == MatchState.AGREED:
            return queries.match(match_id, actor=actor)
        if Match.objects.filter(need_id=match.need_id, state=MatchState.AGREED.value).exists():
            raise AgreedAlready(need_id=match.need_id)
        holding.require_match_state(match, MatchState.IN_TALKS)
        last = Agreement.objects.filter(match=match).order_by("-version").first()
        if last is None or last.version != version:
            raise OldVersion(version=last.version if last else 0)
        if getattr(last, f"{side.value}_at") is None:
            setattr(last, f"{side.value}_at", now)
            Agreement.objects.filter(pk=last.pk).update(
                **{f"{side.value}_at": now, f"{side.value}_by_id": actor.account_id}
            )
            holding.note(
                "exchange.agreement.accepted",
                match.need,
                actor=actor,
                match_id=match_id,
                version=version,
                side=side.value,
            )
        if last.owner_at and last.partner_at:
            holding.move_match(match, MatchState.AGREED, actor=actor, now=now, agreed_at=now)
            notices.tell_match("exchange.agreed", match, now=now, owner=True, partner=True, brokers=True)
    return queries.match(match_id, actor=actor)


def tell_outcome(
    *,
    actor: Actor,
    match_id: int,
    kind: OutcomeKind,
    words: str,
    now: datetime,
    link: str = "",
    file: bytes = b"",
    file_name: str = "",
) -> MatchRow:
    """What came of an agreement, with what shows it: a PDF or a picture, or an address. The other side confirms it.

    Raises NotFound, MatchStateRefused, Invalid (file: too_large, not_a_document).
    """
    words, link = words.strip(), link.strip()
    wrong = evidence.problems(words=words, link=link, file=file, file_name=file_name)
    if words and len(words) > LONGEST_NOTE:
        wrong["words"] = "too_long"
    if kind not in list(OutcomeKind):
        wrong["kind"] = "not_in_list"
    if wrong:
        raise Invalid(fields=wrong)
    digest = queries.evidence_store().put([file]).digest if file else ""
    with db.transaction():
        match = held_as(actor, match_id)
        side = queries.side_of(match, actor) or Side.BROKER
        holding.require_match_state(match, MatchState.AGREED)
        made, is_fresh = Outcome.objects.get_or_create(
            match=match, kind=kind.value, words=words, side=side.value, link=link, file_digest=digest,
            defaults={
                "file_name": evidence.plain_name(file_name) if file else "", "told_at": now, "told_by_id": actor.account_id,
            },
        )  # fmt: skip
        if is_fresh:
            holding.note("exchange.outcome.told", match.need, actor=actor, match_id=match_id, outcome=kind.value)
            notices.tell_match(
                "exchange.outcome", match, now=now, owner=side is not Side.OWNER, partner=side is not Side.PARTNER,
                turn=str(made.pk),
            )  # fmt: skip
    return queries.match(match_id, actor=actor)


def confirm_outcome(*, actor: Actor, match_id: int, outcome_id: int, now: datetime) -> MatchRow:
    """The other side says that it is so; a need whose technology is in use is closed with it. Again it changes nothing.

    Raises NotFound, OutcomeConfirmed (one's own word).
    """
    with db.transaction():
        match = held_as(actor, match_id)
        side = queries.side_of(match, actor)
        found = Outcome.objects.filter(pk=outcome_id, match=match).first()
        if found is None:
            raise NotFound(what="outcome")
        if side is None or side == found.side or side is Side.BROKER:
            raise OutcomeConfirmed(outcome_id=outcome_id)
        if found.confirmed_at is None:
            Outcome.objects.filter(pk=outcome_id).update(confirmed_at=now, confirmed_by_id=actor.account_id)
            holding.note("exchange.outcome.confirmed", match.need, actor=actor, match_id=match_id, outcome=found.kind)
            if found.kind == OutcomeKind.IN_USE and match.need.state == PostingState.AGREED:
                holding.move(match.need, PostingState.CLOSED, actor=actor, now=now, reason=CloseReason.SOLVED_HERE)
    return queries.match(match_id, actor=actor)
