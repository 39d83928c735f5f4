"""The account's menu, and form fields of other people's forms, dressed as our components."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from khaneh.interfaces.web.accounts import menu
from khaneh.interfaces.web.side_menu import menu as side_menu

register = template.Library()


@register.inclusion_tag("web/components/side_menu.html", takes_context=True)
def account_menu(context: dict[str, Any]) -> dict[str, Any]:
    """The account's menu, the page that is open marked."""
    return side_menu(menu.groups(context["request"]), label=_("My account"))


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


# In the order in which they are told apart: nearly every browser also calls itself Safari, many call themselves Chrome.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("coc_coc", "Cốc Cốc"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser_name(user_agent: str) -> str:
    """A browser and its system as people call them; what names neither is shown as it is, shortened."""
    known = [next((name for sign, name in signs if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, known)) or user_agent[:60]


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the control is one check box, whose label stands beside it."""
    return isinstance(field.field.widget, forms.CheckboxInput)
