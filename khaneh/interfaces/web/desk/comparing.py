"""Two records side by side: what each says of the same thing, and whether they say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from khaneh.domains.catalogue.types import RecordPage
from khaneh.formats.marc.description import Description
from khaneh.interfaces.web import reader, wording
from khaneh.kernel.orthography import match_key


class Row(NamedTuple):
    """One thing said. `state` is same, different, or one where only one of the two says it."""

    label: str
    left: str
    right: str
    state: str


def rows(left: RecordPage, right: RecordPage) -> list[Row]:
    """What at least one of the two says. What differs only in spelling counts as the same."""
    language = reader.current().language
    found: list[tuple[str, Callable[[Description], str]]] = [
        (_("Title"), lambda own: own.title.value),
        (_("Subtitle"), lambda own: own.subtitle.value),
        (_("Volume or part"), lambda own: own.part.value),
        (_("Statement of responsibility"), lambda own: own.responsibility.value),
        (_("Authors"), lambda own: " · ".join(agent.name for agent in own.agents[:6])),
        (_("Edition"), lambda own: own.edition.value),
        (
            _("Published"),
            lambda own: " · ".join(
                filter(None, (f"{one.place} {one.publisher}".strip() for one in own.publications[:3]))
            ),
        ),
        (_("Year"), lambda own: own.year_as_written or str(own.year or "")),
        (_("Extent"), lambda own: own.extent),
        (_("Series"), lambda own: " · ".join(text.value for text in own.series[:3])),
        (_("ISBN"), lambda own: " ".join(own.isbns[:4])),
        (_("Language"), lambda own: ", ".join(wording.language_name(one, language) for one in own.languages[:3])),
        (_("Form of material"), lambda own: wording.form_name(own.form, language)),
        (_("Subjects"), lambda own: " · ".join(one.heading for one in own.subjects[:5])),
    ]
    compared = []
    for label, say in found:
        one, other = say(left.description), say(right.description)
        if one or other:
            compared.append(Row(label, one, other, _state(one, other)))
    return compared


def _state(one: str, other: str) -> str:
    if not one or not other:
        return "one"
    return "same" if match_key(one) == match_key(other) else "different"
