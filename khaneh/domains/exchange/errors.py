"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class StateRefused(Refusal):
    """A need or offer in this state does not take this step. Facts: posting_id, state."""

    code = "exchange.state_refused"
    kind = RefusalKind.CONFLICT


class MatchStateRefused(Refusal):
    """A match in this state does not take this step. Facts: match_id, state."""

    code = "exchange.match_state_refused"
    kind = RefusalKind.CONFLICT


class PersonalDataFound(Refusal):
    """An anonymous need says who is behind it; it is submitted only by who has seen that. Facts: found (part, kind, text), seen."""

    code = "exchange.personal_data_found"
    kind = RefusalKind.CONFLICT


class TooManySubmitted(Refusal):
    """The organisation has so many waiting, open, or submitted within a day. Facts: limit, which (waiting, open, day, refused)."""

    code = "exchange.too_many"
    kind = RefusalKind.LIMIT


class SaidAlready(Refusal):
    """The organisation has submitted the same text already. Facts: posting_id."""

    code = "exchange.said_already"
    kind = RefusalKind.CONFLICT


class OwnSide(Refusal):
    """Who stands between both sides is of neither: a broker does not decide for an organisation that they speak for. Facts: none."""

    code = "exchange.own_side"
    kind = RefusalKind.NOT_ALLOWED


class MatchedAlready(Refusal):
    """The two are brought together already, or were asked. Facts: match_id."""

    code = "exchange.matched_already"
    kind = RefusalKind.CONFLICT


class OwnerNotAsked(Refusal):
    """Who stands behind an anonymous need has not agreed to be named to this company. Facts: match_id."""

    code = "exchange.owner_not_asked"
    kind = RefusalKind.CONFLICT


class AgreedAlready(Refusal):
    """The need is agreed on with another. Facts: need_id."""

    code = "exchange.agreed_already"
    kind = RefusalKind.CONFLICT


class OldVersion(Refusal):
    """There is a later version of the text; that one is to be read. Facts: version."""

    code = "exchange.old_version"
    kind = RefusalKind.CONFLICT


class OutcomeConfirmed(Refusal):
    """What came of it is confirmed already, or is one's own word. Facts: outcome_id."""

    code = "exchange.outcome_confirmed"
    kind = RefusalKind.CONFLICT


class GatheringDecided(Refusal):
    """Somebody has decided already what becomes of these needs. Facts: gathering_id."""

    code = "exchange.gathering_decided"
    kind = RefusalKind.CONFLICT
