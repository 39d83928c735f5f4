"""What looks like spam, and how much one organisation may submit. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from khaneh.kernel.orthography import exact_key, match_key, search_key

# So many of one organisation may wait for review, be open, be submitted within a day; and after so many refusals within the period a
# single one may wait.
MOST_WAITING, MOST_OPEN, MOST_A_DAY = 5, 40, 8
REFUSALS, REFUSED_WITHIN = 3, timedelta(days=90)
A_DAY = timedelta(days=1)
_LINK = re.compile(r"https?://|www\.|@\w{4,}", re.IGNORECASE)
_SHOUT = re.compile(r"[!؟?]{3,}|[\U0001F300-\U0001FAFF]")
_SELLING = tuple(
    f" {exact_key(phrase)} "
    for phrase in (
        "تخفیف", "فروش ویژه", "ارزان‌ترین", "تضمینی", "وام فوری", "giảm giá", "khuyến mãi", "rẻ nhất", "hotline",
        "vay nhanh", "discount", "special offer", "cheapest", "guaranteed profit", "casino", "quick loan",
    )
)  # fmt: skip
_SHORT = 25  # words


def suspicions(parts: Mapping[str, str]) -> tuple[str, ...]:
    """Why a text may be spam: links, shouting, repeated, selling, short. None for most."""
    text = "\n".join(parts.values())
    said = search_key(text).split()
    counted = Counter(said)
    found = []
    if len(_LINK.findall(text)) > 1:
        found.append("links")
    if _SHOUT.search(text):
        found.append("shouting")
    if len(said) >= _SHORT and max(counted.values()) > max(6, len(said) // 6):
        found.append("repeated")
    bordered = f" {exact_key(text)} "
    if sum(bordered.count(phrase) for phrase in _SELLING) > 1:
        found.append("selling")
    if len(said) < _SHORT:
        found.append("short")
    return tuple(found)


def text_hash(parts: Mapping[str, str]) -> str:
    """The same for texts that differ in marks, spaces and case alone."""
    return hashlib.sha256("\n".join(match_key(text) for text in parts.values()).encode()).hexdigest()
