"""What every message stands in: the greeting and the signature of an e-mail, and the subject of one that tells several things."""

from __future__ import annotations

from pathlib import Path

from khaneh.domains.notices import registry
from khaneh.domains.notices.types import EventType, Texts
from khaneh.kernel.labels import Label

FRAME = EventType(
    code="notices.frame",
    label=Label("Frame of every message", "قاب همهٔ پیام‌ها", "Khung của mọi tin"),
    items=(),
    chosen=False,
)


def texts() -> Texts:
    """The frames that ship."""
    return registry.read_texts(Path(__file__).parent / "texts", FRAME.code)
