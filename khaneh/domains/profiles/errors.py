"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class SignUpStateRefused(Refusal):
    """A sign-up in this state does not take this step: somebody else decided first, or it is over. Facts: signup_id, state."""

    code = "profiles.signup_state_refused"
    kind = RefusalKind.CONFLICT


class Incomplete(Refusal):
    """What verification needs is not all there. Facts: missing, names of fields and "documents"."""

    code = "profiles.incomplete"
    kind = RefusalKind.INVALID


class TooManySignUps(Refusal):
    """So many organisations wait for this account already. Facts: most."""

    code = "profiles.too_many_signups"
    kind = RefusalKind.LIMIT


class NotADocument(Refusal):
    """The content is no PDF, JPEG, PNG or WebP, whatever its name says. Facts: reason (required, too_large, not_a_document, too_many)."""

    code = "profiles.not_a_document"
    kind = RefusalKind.INVALID


class OwnSignUp(Refusal):
    """Nobody verifies what they signed up themselves. Facts: signup_id."""

    code = "profiles.own_signup"
    kind = RefusalKind.NOT_ALLOWED


class NumberTaken(Refusal):
    """Another organisation got this registration number in the meantime. Facts: registration_number, country."""

    code = "profiles.number_taken"
    kind = RefusalKind.CONFLICT


class ProfileWithdrawn(Refusal):
    """The organisation has withdrawn; it comes back first. Facts: organisation_id."""

    code = "profiles.withdrawn"
    kind = RefusalKind.CONFLICT


class NotPublishable(Refusal):
    """Too little to show: it says in no language what it makes or does. Facts: missing."""

    code = "profiles.not_publishable"
    kind = RefusalKind.INVALID


class NoAccount(Refusal):
    """Nobody has an account with this address. Facts: none."""

    code = "profiles.no_account"
    kind = RefusalKind.INVALID


class LineDecided(Refusal):
    """Somebody has judged this line already. Facts: line_id, outcome."""

    code = "profiles.line_decided"
    kind = RefusalKind.CONFLICT
