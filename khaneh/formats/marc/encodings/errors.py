"""What a codec raises. Positions are byte offsets for decoding and character offsets for encoding."""

from __future__ import annotations


class DecodeError(ValueError):
    """Bytes that have no meaning in an encoding."""

    def __init__(self, encoding: str, position: int, detail: str) -> None:
        super().__init__(f"{encoding}: {detail} at byte {position}")
        self.encoding = encoding
        self.position = position
        self.detail = detail


class EncodeError(ValueError):
    """A character that an encoding cannot hold."""

    def __init__(self, encoding: str, position: int, character: str) -> None:
        super().__init__(f"{encoding}: no code for U+{ord(character):04X} at character {position}")
        self.encoding = encoding
        self.position = position
        self.character = character
