"""The menu beside a page: lines in groups. What it holds is said by the account's menu and the desk's; how it looks, by one template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Line:
    """One link. `icon` is a name of the sprite, or nothing."""

    href: str
    words: str | _StrPromise
    icon: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a title; without one they stand by themselves. `folds`: it opens and closes, and is `open` at first or not."""

    title: str | _StrPromise
    lines: tuple[Line, ...]
    folds: bool = False
    open: bool = False
    # Groups within, for what is folded away altogether.
    groups: tuple[Group, ...] = ()

    def all(self) -> tuple[Line, ...]:
        """Its lines and those of the groups within."""
        return self.lines + tuple(line for group in self.groups for line in group.all())


def menu(groups: Iterable[Group], *, label: str) -> dict[str, Any]:
    """What `web/components/side_menu.html` shows. `label` names the menu; `here` is the line of this page, if there is one."""
    shown = tuple(group for group in groups if group.all())
    here = next((line for group in shown for line in group.all() if line.current), None)
    return {"groups": shown, "label": label, "here": here}


def at(path: str, hrefs: Iterable[str], *, only_itself: frozenset[str] = frozenset()) -> str:
    """The address of a menu that a page belongs to: its own or the longest above it, `""` for none. Those of `only_itself` have no pages below."""
    found = ""
    for href in hrefs:
        below = href not in only_itself and path.startswith(href if href.endswith("/") else href + "/")
        if (path == href or below) and len(href) > len(found):
            found = href
    return found
