"""Everything that changes lending: one function an act."""

from khaneh.domains.circulation.services.ledger import charge, pay, waive
from khaneh.domains.circulation.services.lending import check_out
from khaneh.domains.circulation.services.policies import ensure_policies
from khaneh.domains.circulation.services.renewing import renew, renew_all
from khaneh.domains.circulation.services.requesting import (
    cancel_request,
    place_request,
    resume_request,
    suspend_request,
)
from khaneh.domains.circulation.services.returning import check_in
from khaneh.domains.circulation.services.targeting import not_on_shelf, target_waiting

__all__ = [
    "cancel_request",
    "charge",
    "check_in",
    "check_out",
    "ensure_policies",
    "not_on_shelf",
    "pay",
    "place_request",
    "renew",
    "renew_all",
    "resume_request",
    "suspend_request",
    "target_waiting",
    "waive",
]
