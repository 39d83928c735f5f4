"""Everything that changes lending: one function an act."""

from khaneh.domains.circulation.services.ledger import charge, pay, waive
from khaneh.domains.circulation.services.lending import check_out
from khaneh.domains.circulation.services.policies import ensure_policies
from khaneh.domains.circulation.services.renewing import renew, renew_all
from khaneh.domains.circulation.services.returning import check_in

__all__ = ["charge", "check_in", "check_out", "ensure_policies", "pay", "renew", "renew_all", "waive"]
