"""Form fields of other people's forms, dressed as our components."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField

register = template.Library()


@register.filter
def styled(field: BoundField) -> BoundField:
    """The field with our class on its control, and without a placeholder: the label says the same and stays."""
    widget = field.field.widget
    widget.attrs.pop("placeholder", None)
    kind = (
        "select" if isinstance(widget, forms.Select) else "textarea" if isinstance(widget, forms.Textarea) else "input"
    )
    widget.attrs["class"] = kind
    # Addresses, passwords and codes are Latin whatever the page's direction.
    if isinstance(widget, forms.EmailInput | forms.PasswordInput) or field.name == "code":
        widget.attrs["dir"] = "ltr"
    return field


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the control is one check box, whose label stands beside it."""
    return isinstance(field.field.widget, forms.CheckboxInput)
