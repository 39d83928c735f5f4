"""Marking in a text, as it was written, what answers a query. Pure.

The index holds keys, not texts, so the text is cut into words again and each word's keys are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from khaneh.domains.discovery.types import Piece
from khaneh.kernel.orthography import chunk, words

_RUN = re.compile(r"\S+")
_QUOTED = 200  # characters of a longer text around its first hit


class Marker:
    """Marks the words and patterns of one query."""

    def __init__(self, wanted: Sequence[str], patterns: Sequence[str]) -> None:
        self._wanted = frozenset(wanted)
        self._patterns = [
            re.compile("".join({"*": ".*", "?": "."}.get(c) or re.escape(c) for c in pattern)) for pattern in patterns
        ]
        self._runs: dict[str, bool] = {}

    def _answers(self, forms: list[str]) -> bool:
        if not self._wanted.isdisjoint(forms):
            return True
        return any(p.fullmatch(f) for p in self._patterns for f in forms)

    def _may_answer(self, raw: str) -> bool:
        """Whether a word of this run of characters answers; remembered, because the hits of a page repeat their words."""
        known = self._runs.get(raw)
        if known is None:
            forms = chunk(raw)
            known = self._runs[raw] = self._answers(forms.folded.split() + forms.joined.split())
        return known

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The text in pieces that join to it again; () when nothing in it answers."""
        if not self._wanted and not self._patterns:
            return ()
        # Most texts of a page have nothing to mark, and that is seen without looking where their words stand.
        if not any(map(self._may_answer, text.split())):
            return ()
        spans: list[tuple[int, int]] = []
        for match in _RUN.finditer(text):
            # A look-up for each run of characters; where its words stand is found only for those that answer.
            if not self._may_answer(match.group()):
                continue
            for word in words(match.group()):
                if self._answers(word.chunk.folded.split() + word.chunk.joined.split()):
                    start, end = match.start() + word.start, match.start() + word.end
                    if spans and start <= spans[-1][1]:
                        spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
                    else:
                        spans.append((start, end))
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
