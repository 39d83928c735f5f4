"""Rows of programmes, with what PostgreSQL itself keeps about them."""

from khaneh.domains.programmes.models.applications import (
    Application,
    ApplicationFile,
    ApplicationMember,
    Step,
    Submission,
)
from khaneh.domains.programmes.models.calls import Call, CallQuestion, Criterion, FormVersion, Programme, Quota

__all__ = [
    "Application",
    "ApplicationFile",
    "ApplicationMember",
    "Call",
    "CallQuestion",
    "Criterion",
    "FormVersion",
    "Programme",
    "Quota",
    "Step",
    "Submission",
]
