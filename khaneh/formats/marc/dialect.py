"""MARC21 or UNIMARC, and what kind of record: decided from tags, coded data and the leader. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

# UNIMARC 100 $a: date entered, a date-type letter, dates, and further coded data, 36 characters in all.
CODED_DATA = re.compile(r"^[\d |#^-]{8}[a-k|u #^-].{20,}$")
_MARC21_TITLE = "245"
_UNIMARC_TITLE = "200"


def unimarc(tags: Collection[str], coded: Callable[[], str]) -> bool:
    """Whether a record is UNIMARC. `coded` gives 100 $a and is called only where the tags leave a question."""
    if _MARC21_TITLE in tags or "260" in tags or "264" in tags or "008" in tags:
        return False
    if _UNIMARC_TITLE in tags and ("210" in tags or "214" in tags or "215" in tags or "101" in tags):
        return True
    return bool(CODED_DATA.match(coded()))


def kind_of(leader: str, dialect: str) -> str:
    """`bibliographic`, `authority` or `holdings`, from leader/06."""
    letter = leader[6:7]
    if letter == "z" or (dialect == "unimarc" and letter in ("x", "y")):
        return "authority"
    if dialect == "marc21" and letter in ("u", "v", "x", "y"):
        return "holdings"
    return "bibliographic"
