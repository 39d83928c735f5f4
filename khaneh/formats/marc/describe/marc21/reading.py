"""Which reader takes which tag. A reader is given the draft to write into, the field, and its twin in another script if there is one."""

from __future__ import annotations

from collections.abc import Callable

from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.types import Field

Reader = Callable[[Draft, Field, "Field | None"], None]


class Readers(dict[str, Reader]):
    """The readers of one module, by tag."""

    def of(self, *tags: str) -> Callable[[Reader], Reader]:
        """Let a function read these tags."""

        def register(reader: Reader) -> Reader:
            self.update(dict.fromkeys(tags, reader))
            return reader

        return register
