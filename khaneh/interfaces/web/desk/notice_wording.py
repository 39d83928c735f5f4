"""What the pages of notices say: places to choose, faults of a text, refusals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from khaneh.domains.network import queries as network
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import wording
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Refusal


def houses(ids: Iterable[int]) -> list[tuple[str, str, int]]:
    """Houses for a select box, by name: code, name, id."""
    language = reader.current().language
    refs = network.house_refs(ids)
    found = [(ref.code, ref.names.pick(language) or ref.code, pk) for pk, ref in refs.items()]
    return sorted(found, key=lambda one: (one[1], one[0]))


def at_hand(actor: Actor, houses: list[tuple[str, str, int]]) -> tuple[str, str, int]:
    """The house that a page opens with: the one that somebody's role names, else the first."""
    own = {grant.house_id for grant in actor.grants}
    return next((one for one in houses if one[2] in own), houses[0])


def word(label: Label | None, code: str) -> str:
    """A label in the reader's language, or the code of what has none."""
    return label.pick(reader.current().language) if label is not None else code


def fault(problem: dict[str, Any]) -> str:
    """Why a text cannot be used."""
    name = str(problem.get("name", ""))
    sentences = {
        "unknown_variable": _("There is no variable “%(name)s”. Those that there are stand beside the text.") % {"name": name},
        "stray_sign": _("A single “%(name)s” has no meaning here. Write it twice if the sign itself is meant.") % {"name": name},
        "section_not_open": _("[/%(name)s] ends a part that was not begun.") % {"name": name},
        "section_not_closed": _("The part [%(name)s] has no end: write [/%(name)s] after it.") % {"name": name},
        "section_in_section": _("[%(name)s] stands inside another part. Parts cannot stand in one another.") % {"name": name},
        "required": _("Please write something here."),
        "one_line": _("The subject is one line."),
        "too_long": _("This is too long."),
        "content_missing": _("The frame needs {content}, where the message itself stands."),
    }  # fmt: skip
    return sentences.get(str(problem["code"]), str(problem["code"]))


def refusal(found: Refusal) -> str:
    """What to tell when a service refuses."""
    sentences = {
        "notices.template_changed": _(
            "Somebody else saved this text meanwhile. What you wrote is still here: look at theirs, then save again."
        ),
        "notices.message_settled": _("Somebody has settled this message meanwhile."),
    }
    return sentences.get(found.code) or wording.refusal(found)
