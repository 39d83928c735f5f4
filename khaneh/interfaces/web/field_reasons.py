"""What is wrong with a field of a form: the words that every page has for the reasons that `Invalid` gives, by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from khaneh.kernel.refusal import Refusal


def wrong(reason: str, own: Mapping[str, str] | None = None) -> str:
    """The sentence of a reason; `own` are those that a package says in other words or has alone."""
    if own and reason in own:
        return own[reason]
    return {
        "required": _("This is needed."),
        "too_long": _("This is too long."),
        "too_many": _("These are too many."),
        "not_in_list": _("This is not in the list."),
        "out_of_range": _("This is too much or too little."),
        "format": _("This is not written as it should be."),
        "past": _("This day is over."),
        "twice": _("The same stands there twice."),
        "unknown": _("This is not known here."),
        "not_a_picture": _("This is no JPEG, PNG or WebP picture, or it is broken."),
    }.get(reason, _("This is not possible here."))


def by_field(refusal: Refusal, said: Callable[[str], str] = wrong) -> dict[str, str]:
    """The wrong fields of a refusal, each with its sentence."""
    return {name: said(reason) for name, reason in refusal.facts.get("fields", {}).items()}
