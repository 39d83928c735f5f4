"""Names of agents taken apart: who made it, who translated or edited it, and which part of a name is filed first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from khaneh.formats.marc.description import Agent, Description

TRANSLATOR, EDITOR, ILLUSTRATOR = "trl", "edt", "ill"
# Relator codes whose bearers count as makers of the text, beside the creator without a code.
_MAKERS = frozenset({"creator", "aut", "cmp", "art", "pht", "ctg", "com", "cre", "dis", "ive", "prg"})
_COMMA = re.compile(r"\s*[,،]\s*")
_ARABIC = re.compile(r"[\u0600-\u06ff]")


class Name(NamedTuple):
    """A name in its parts. `given` is empty for a body and for names that are written in one order only (Nguyễn Du, فردوسی)."""

    family: str
    given: str = ""

    @property
    def inverted(self) -> str:
        """Filing order: `Hedayat, Sadeq`."""
        comma = "، " if _ARABIC.search(self.family) else ", "
        return f"{self.family}{comma}{self.given}" if self.given else self.family

    @property
    def direct(self) -> str:
        """Speaking order: `Sadeq Hedayat`."""
        return f"{self.given} {self.family}" if self.given else self.family

    @property
    def initials(self) -> str:
        """`S. J.`; scripts without capitals have none and keep the given name."""
        if _ARABIC.search(self.given):
            return self.given
        words = [word for word in re.split(r"[\s.]+", self.given) if word]
        return " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in words)


def name_of(agent: Agent) -> Name:
    """An agent's name; a body's name is never split."""
    text = agent.name.strip()
    if agent.kind != "person":
        return Name(text)
    parts = [part for part in _COMMA.split(text) if part]
    if len(parts) < 2:
        return Name(text)
    return Name(parts[0], parts[1])


def makers(description: Description) -> list[Name]:
    """Authors, composers, compilers: those a citation begins with."""
    return _unique(agent for agent in description.agents if agent.role in _MAKERS)


def with_role(description: Description, role: str) -> list[Name]:
    """Those with one relator code, such as `trl`."""
    return _unique(agent for agent in description.agents if agent.role == role)


def others(description: Description) -> list[Name]:
    """Everybody with a part in it who is not a maker."""
    return _unique(agent for agent in description.agents if agent.role not in _MAKERS)


def _unique(agents: Iterable[Agent]) -> list[Name]:
    return list(dict.fromkeys(name_of(agent) for agent in agents if agent.name.strip()))


def full_title(description: Description, *, joint: str = ": ") -> str:
    """Title, subtitle and part in one line."""
    title = joint.join(part for part in (description.title.value, description.subtitle.value) if part)
    return f"{title}. {description.part.value}" if description.part.value else title
