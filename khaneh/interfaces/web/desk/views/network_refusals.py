"""A service's refusal of a house's or an organisation's form, put beside the field it is about."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.network import services as network
from khaneh.domains.network.types import Problem
from khaneh.interfaces.web.desk import wording
from khaneh.interfaces.web.desk.forms.network import HouseForm, OrganisationForm
from khaneh.kernel.refusal import Invalid, NotAllowed, Refusal

_FIELDS = {
    "network.code_taken": "code",
    "network.registration_number_taken": "registration_number",
    "network.tree_refused": "parent_code",
}


def explain(refusal: Refusal, form: HouseForm | OrganisationForm) -> None:
    """Say in the form why it was refused."""
    if isinstance(refusal, Invalid):
        problems = refusal.facts.get("fields", {})
        form.refuse({name: network.explain(Problem(name, code)) for name, code in problems.items()})
        return
    if isinstance(refusal, NotAllowed):
        form.add_error(None, _("Your roles do not cover this place: choose a region, house or operator within them."))
        return
    field = _FIELDS.get(refusal.code, "")
    form.add_error(field if field in form.fields else None, wording.refusal(refusal))


def explain_plainly(refusal: Refusal, form: forms.Form) -> None:
    """The same for a small form without places of its own."""
    form.add_error(None, wording.refusal(refusal))
