"""Everything that changes lending: one function an act."""

from khaneh.domains.circulation.services.lending import check_out
from khaneh.domains.circulation.services.policies import ensure_policies
from khaneh.domains.circulation.services.returning import check_in

__all__ = ["check_in", "check_out", "ensure_policies"]
