"""The lines of a page of results as HTML. Written in code and not in a template, because they were most of what the page costs.

Every text is escaped here: what comes from a record never reaches the page as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.discovery.types import Piece
from khaneh.interfaces.web.results import Result
from khaneh.kernel.calendars import show_number

Icon = Callable[[str], str]
Cover = Callable[[str, str, str], str]
Year = Callable[[int], str]


def marked(pieces: Iterable[Piece] | None) -> str:
    """Highlighted text: the pieces that answer the query in <mark>."""
    return "".join(
        [f"<mark>{escape(piece.text)}</mark>" if piece.hit else escape(piece.text) for piece in pieces or ()]
    )


class Lines:
    """Writes results in one language. `icon`, `cover` and `year` are those of the pages' templates and give safe HTML or plain digits."""

    def __init__(self, language: str, *, icon: Icon, cover: Cover, year: Year) -> None:
        self._language = language
        self._icon, self._cover, self._year = icon, cover, year
        # Said on most lines: looked up once a page.
        self._available = f'<span class="badge badge--good badge--dot">{escape(_("Available now"))}</span>'
        self._out = f'<span class="badge badge--warn badge--dot">{escape(_("All copies are out"))}</span>'
        self._none = f'<span class="quiet">{escape(_("No copy in the network yet"))}</span>'
        self._online = f"{icon('online')}{escape(_('Read online'))}"
        self._comma = escape(_(", "))
        self._pin = icon("pin")
        self._keep = f"{icon('list')}{escape(_('Put it on a list'))}"

    def html(self, results: Iterable[Result]) -> str:
        """The articles, one a result."""
        return "".join([self._article(result) for result in results])

    def _article(self, one: Result) -> str:
        url = escape(one.url or "#")
        if one.is_text:
            cover = self._cover(one.plain_title, one.author, one.language_code)
            head = f'<a class="result__cover" href="{escape(one.url)}" tabindex="-1" aria-hidden="true">{cover}</a>'
        else:
            head = f'<span class="result__emblem">{self._icon(one.icon)}</span>'
        parts = [
            f'<article class="result">{head}<div class="result__body"><p class="result__kind">{self._icon(one.icon)}'
        ]
        told = [one.kind, *((self._year(one.year),) if one.year else ()), *one.languages]
        parts += [f"<span>{escape(word)}</span>" for word in told]
        parts.append(f'</p><h2 class="result__title"><a href="{url}"><bdi>{marked(one.title)}</bdi></a></h2>')
        if one.subtitle:
            parts.append(f'<p class="small"><bdi>{marked(one.subtitle)}</bdi></p>')
        if one.creators:
            parts.append(f'<p class="result__by"><bdi>{marked(one.creators)}</bdi></p>')
        if one.publisher or one.edition:
            facts = "".join([f"<bdi>{escape(fact)}</bdi>" for fact in (one.edition, one.publisher) if fact])
            parts.append(f'<p class="result__facts">{facts}</p>')
        if one.snippet:
            parts.append(f'<p class="result__snippet" dir="auto">{marked(one.snippet)}</p>')
        parts.append(f'<p class="result__where">{" ".join(self._where(one))}</p></div></article>')
        return "".join(parts)

    def _where(self, one: Result) -> list[str]:
        parts = []
        if one.available:
            parts.append(self._available)
        elif one.copies:
            parts.append(self._out)
        if one.houses:
            houses = self._comma.join([f"<bdi>{escape(house)}</bdi>" for house in one.houses])
            parts.append(
                f'<span class="quiet result__houses">{self._pin}<span>{houses}{self._more(one.more_houses)}</span></span>'
            )
        elif one.place:
            parts.append(f'<span class="quiet result__houses">{self._pin}<bdi>{escape(one.place)}</bdi></span>')
        if one.online:
            address = escape(one.online)
            parts.append(f'<a class="badge badge--action" href="{address}" rel="noopener external">{self._online}</a>')
        if one.editions:
            number = show_number(one.editions, self._language)
            said = ngettext("%(number)s edition", "%(number)s editions", one.editions) % {"number": number}
            parts.append(f'<span class="quiet">{escape(said)}</span>')
        if one.is_text and one.copies is None and not one.online:
            parts.append(self._none)
        if one.keep:
            parts.append(f'<a class="result__keep no-print" href="{escape(one.keep)}" rel="nofollow">{self._keep}</a>')
        return parts

    def _more(self, houses: int) -> str:
        if not houses:
            return ""
        number = show_number(houses, self._language)
        return " " + escape(
            ngettext("and %(number)s more house", "and %(number)s more houses", houses) % {"number": number}
        )
