"""Marking in a text, as it was written, what answers a query. Pure.

The index holds keys, not texts, so the text is cut into words again and each word's keys are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from khaneh.domains.discovery.types import Piece
from khaneh.kernel.orthography import chunks, words

_QUOTED = 200  # characters of a longer text around its first hit


class Marker:
    """Marks the words and patterns of one query."""

    def __init__(self, wanted: Sequence[str], patterns: Sequence[str]) -> None:
        self._wanted = frozenset(wanted)
        self._patterns = [
            re.compile("".join({"*": ".*", "?": "."}.get(c) or re.escape(c) for c in pattern)) for pattern in patterns
        ]

    def _answers(self, forms: list[str]) -> bool:
        if not self._wanted.isdisjoint(forms):
            return True
        return any(p.fullmatch(f) for p in self._patterns for f in forms)

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The text in pieces that join to it again; () when nothing in it answers."""
        if not self._wanted and not self._patterns:
            return ()
        # Nearly every text has no hit, and saying so is a look-up a word; where the words stand is found only for the others.
        if not any(self._answers(c.folded.split() + c.joined.split()) for c in chunks(text)):
            return ()
        spans: list[tuple[int, int]] = []
        for word in words(text):
            if self._answers(word.chunk.folded.split() + word.chunk.joined.split()):
                if spans and word.start <= spans[-1][1]:
                    spans[-1] = (spans[-1][0], max(word.end, spans[-1][1]))
                else:
                    spans.append((word.start, word.end))
        if not spans:
            return ()
        pieces: list[Piece] = []
        at = 0
        for start, end in spans:
            if start > at:
                pieces.append(Piece(text[at:start]))
            pieces.append(Piece(text[start:end], hit=True))
            at = end
        if at < len(text):
            pieces.append(Piece(text[at:]))
        return tuple(pieces)

    def quote(self, text: str) -> tuple[Piece, ...]:
        """The part of a longer text around its first hit, cut at spaces; () when nothing in it answers."""
        pieces = self.pieces(text)
        if not pieces or len(text) <= _QUOTED:
            return pieces
        first = 0
        for piece in pieces:
            if piece.hit:
                break
            first += len(piece.text)
        start = max(0, first - _QUOTED // 3)
        if start:
            space = text.find(" ", start, first)
            start = space + 1 if space >= 0 else start
        end = min(len(text), start + _QUOTED)
        if end < len(text):
            space = text.rfind(" ", first, end)
            end = space if space > first else end
        quoted = self.pieces(text[start:end])
        before = (Piece("… "),) if start else ()
        after = (Piece(" …"),) if end < len(text) else ()
        return (*before, *quoted, *after)
