"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class CodeTaken(Refusal):
    """Another skill has this code, or this concept of ESCO. Facts: code, esco."""

    code = "placements.code_taken"
    kind = RefusalKind.CONFLICT


class VacancyNotOpen(Refusal):
    """Nobody is looked for at present. Facts: vacancy_id, state."""

    code = "placements.vacancy_not_open"
    kind = RefusalKind.CONFLICT


class VacancyStateRefused(Refusal):
    """A vacancy does not go from this state to that. Facts: state, wanted."""

    code = "placements.vacancy_state_refused"
    kind = RefusalKind.CONFLICT


class PlacesTaken(Refusal):
    """All its places are taken. Facts: vacancy_id, count."""

    code = "placements.places_taken"
    kind = RefusalKind.LIMIT


class FewerPlacesThanTaken(Refusal):
    """So many places are taken already. Facts: taken."""

    code = "placements.fewer_places_than_taken"
    kind = RefusalKind.CONFLICT


class NoConsent(Refusal):
    """Nobody looks for a place by this number: there is no profile, or it is not shown any more. Facts: none."""

    code = "placements.no_consent"
    kind = RefusalKind.CONFLICT


class OfferedAlready(Refusal):
    """This vacancy is offered to them, or they work there by it. Facts: placement_id."""

    code = "placements.offered_already"
    kind = RefusalKind.CONFLICT


class PlacementStateRefused(Refusal):
    """A placement in this state does not take this step. Facts: placement_id, state."""

    code = "placements.state_refused"
    kind = RefusalKind.CONFLICT


class OfferLapsed(Refusal):
    """The time to answer is over. Facts: placement_id, until."""

    code = "placements.offer_lapsed"
    kind = RefusalKind.CONFLICT


class NotDueYet(Refusal):
    """They have not worked there for so long. Facts: months, due_on."""

    code = "placements.not_due_yet"
    kind = RefusalKind.CONFLICT


class StatementStateRefused(Refusal):
    """What was said is confirmed already, taken back, or nothing that an employer could confirm. Facts: statement_id."""

    code = "placements.statement_state_refused"
    kind = RefusalKind.CONFLICT


class SkillsDiffer(Refusal):
    """They cannot become one: the same, one that lies aside, or each a concept of its own in ESCO. Facts: code, into."""

    code = "placements.skills_differ"
    kind = RefusalKind.CONFLICT


class FileUnreadable(Refusal):
    """Not a list of ESCO. Facts: reason (not_utf8, not_csv, columns), and which columns are missing."""

    code = "placements.file_unreadable"
    kind = RefusalKind.INVALID
