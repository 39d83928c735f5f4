"""What keeping lists and searches refuses."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class TooMany(Refusal):
    """A member keeps as many lists, things on a list or searches as there may be. Facts: what, most."""

    code = "discovery.too_many"
    kind = RefusalKind.LIMIT
