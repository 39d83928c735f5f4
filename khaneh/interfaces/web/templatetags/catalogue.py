"""Words of the catalogue: forms of material and languages."""

from __future__ import annotations

from django import template

from khaneh.interfaces.web import reader, wording
from khaneh.kernel.orthography.letters import is_arabic_script

register = template.Library()


@register.filter
def form_word(code: str) -> str:
    """A form of material."""
    return wording.form_name(code, reader.current().language)


@register.filter
def language_word(code: str) -> str:
    """A language of ISO 639-2."""
    return wording.language_name(code, reader.current().language)


@register.filter
def comma(text: str) -> str:
    """The comma of what is written, not of the page's language: an English imprint keeps its own on a Persian page."""
    return "، " if is_arabic_script(text) else ", "
