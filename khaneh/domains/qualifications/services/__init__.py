"""Everything that changes qualifications: one function an act."""

from khaneh.domains.qualifications.services.awarding import award, record_use, renew, revoke
from khaneh.domains.qualifications.services.defining import change_qualification, define_qualification
from khaneh.domains.qualifications.services.personal import erase_account, erase_member, export_member
from khaneh.domains.qualifications.services.sweeping import sweep

__all__ = [
    "award",
    "change_qualification",
    "define_qualification",
    "erase_account",
    "erase_member",
    "export_member",
    "record_use",
    "renew",
    "revoke",
    "sweep",
]
