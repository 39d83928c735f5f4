"""Finding a member from what a desk types or scans into one field, and telling that two memberships may be one person's.

A card, a whole telephone number or an address finds anybody in the network, because the person has named themself; a name or a few
figures find only the members of the houses that the actor serves, so that nobody leafs through the people of other provinces.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from khaneh.domains.network import queries as network
from khaneh.domains.people import permissions
from khaneh.domains.people.queries.members import LINE, lines_of
from khaneh.domains.people.rules import cards as card_rules
from khaneh.domains.people.rules.members import plain_email, plain_national_id, plain_phone
from khaneh.domains.people.types import Duplicate, MemberLine
from khaneh.kernel.actor import Actor, Grant, Place
from khaneh.kernel.orthography import search_key


def _line(found_by: str, rest: str) -> str:
    return LINE.replace("''\nFROM", f"{found_by}\nFROM", 1) + rest


# The active holder of a card first; somebody with a card that was replaced or lost is told so.
_BY_CARD = _line(
    "CASE WHEN k.barcode = %(code)s THEN 'card' ELSE 'old_card' END",
    """
WHERE m.id IN (SELECT member_id FROM people_card WHERE barcode = %(code)s) AND m.state <> 'erased'
ORDER BY k.barcode = %(code)s DESC NULLS LAST, m.id LIMIT %(limit)s
""",
)
_FOUND = _line(
    "%(how)s",
    """
WHERE {pattern} AND m.state <> 'erased' AND (%(houses)s::bigint[] IS NULL OR m.home_house_id = ANY (%(houses)s))
ORDER BY m.state <> 'active', NOT (m.search_key || ' ') LIKE ALL (%(whole)s), m.search_key, m.id LIMIT %(limit)s
""",
)
_WAITING = _line(
    "''",
    """
WHERE m.state = 'applied' AND (%(houses)s::bigint[] IS NULL OR m.home_house_id = ANY (%(houses)s)) ORDER BY m.id LIMIT %(limit)s
""",
)
_DUPLICATES = _line(
    "CASE WHEN m.national_id_hash = %(hash)s THEN 'national_id' ELSE 'name_and_birth' END",
    """
WHERE m.state IN ('applied', 'active', 'closed') AND m.id <> %(but)s
AND NOT EXISTS (SELECT FROM people_membermerge g WHERE g.gone_id = m.id)
AND (m.national_id_hash = %(hash)s OR (m.birth_date = %(born)s AND m.search_key LIKE %(name)s))
ORDER BY (m.national_id_hash = %(hash)s) DESC NULLS LAST, m.id LIMIT 20
""",
)
_WHOLE_PHONE = 8  # figures after the leading noughts: fewer are no whole number in either country
_COMPARED_PHONE = 9  # the last figures, which are the same with the country's number and with a nought
_SHORTEST_FIGURES = 4
_MOST_WORDS = 6
LONGEST_ASKED = 200


def find_members(*, actor: Actor, text: str, limit: int = 20) -> list[MemberLine]:
    """Members who answer what was typed or scanned: a card, a telephone number, an address or words of a name, best first.

    At most five statements, and two more when houses were not asked for lately. Raises NotAllowed.
    """
    permissions.require_serve(actor)
    asked = text.strip()[:LONGEST_ASKED]
    if not asked:
        return []
    code = card_rules.read(asked)
    if code and any(sign.isdigit() for sign in code):
        found = _run(_BY_CARD, {"code": code, "limit": limit})
        if found:
            return found
    if "@" in asked and len(asked) > _SHORTEST_FIGURES:
        return _find(
            "email", [f"%@{_literal(plain_email(asked).lstrip('@'))}%"], limit, None if "." in asked else actor
        )
    figures = plain_phone(asked).lstrip("+0")
    if figures.isdecimal() and len(figures) >= _SHORTEST_FIGURES:
        whole = len(figures) >= _WHOLE_PHONE
        return _find("phone", [f"%#%{figures[-_COMPARED_PHONE:]}"], limit, None if whole else actor)
    words = search_key(asked).split()
    if not words or max(map(len, words)) < 2:
        return []
    return _find("name", [f"% {_literal(word)}%" for word in words[:_MOST_WORDS]], limit, actor)


def waiting_applications(*, actor: Actor, limit: int = 50) -> list[MemberLine]:
    """Applications to the houses that the actor serves, the longest waiting first. At most five statements. Raises NotAllowed."""
    permissions.require_serve(actor)
    return _run(_WAITING, {"houses": served_houses(actor), "limit": limit})


def served_houses(actor: Actor) -> list[int] | None:
    """The houses at whose desk the actor may work; None for all. Eight statements, none where houses were read lately."""
    if actor.is_system:
        return None
    known = _known()
    served = known.houses.get(actor.grants)
    if served is None:
        served = [number for number, place in known.places.items() if actor.holds(permissions.DESK, place)]
        known.houses[actor.grants] = served
    return list(served)


def duplicates(
    *, actor: Actor, name: str, birth_date: date | None, national_id: str = "", but: int = 0
) -> list[Duplicate]:
    """Memberships that may be the same person's: one identity number, or the same name and day of birth. Two statements. Raises NotAllowed."""
    permissions.require_serve(actor)
    return possible_duplicates(name=name, birth_date=birth_date, hashed=national_id_hash(national_id), but=but)


def duplicates_of(*, actor: Actor, member_id: int) -> list[Duplicate]:
    """As `duplicates`, of a member. Three statements. Raises NotAllowed."""
    permissions.require_serve(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT given_name || ' ' || family_name, birth_date, national_id_hash FROM people_member WHERE id = %s",
            [member_id],
        )
        row = cursor.fetchone()
    if row is None:
        return []
    return possible_duplicates(name=row[0], birth_date=row[1], hashed=bytes(row[2]) if row[2] else None, but=member_id)


def possible_duplicates(*, name: str, birth_date: date | None, hashed: bytes | None, but: int = 0) -> list[Duplicate]:
    """For services, which judge who may know. Two statements, or none where nothing can be compared."""
    words = search_key(name)
    if hashed is None and (birth_date is None or not words):
        return []
    # The stored key goes on with address and telephone.
    born = birth_date if words else None
    facts = {"hash": hashed, "born": born, "name": f" {_literal(words)}%", "but": but}
    with connection.cursor() as cursor:
        cursor.execute(_DUPLICATES, facts)
        rows = cursor.fetchall()
    return [Duplicate(line, line.found_by) for line in lines_of(rows)]


def national_id_hash(number: str) -> bytes | None:
    """A keyed hash of an identity number, None of none: without the key somebody with the table could try all of them out."""
    plain = plain_national_id(number)
    if not plain:
        return None
    return hmac.digest(settings.SECRET_KEY.encode(), b"khaneh.people.national_id:" + plain.encode(), sha256)


def _find(how: str, patterns: list[str], limit: int, within: Actor | None) -> list[MemberLine]:
    houses = None if within is None else served_houses(within)
    whole = [f"{pattern.removesuffix('%')} %" for pattern in patterns]
    facts: dict[str, Any] = {"how": how, "whole": whole, "houses": houses, "limit": limit}
    facts |= {f"pattern_{turn}": pattern for turn, pattern in enumerate(patterns)}
    # A condition a word: the index of trigrams answers each of them, and none where they stand in one array.
    conditions = " AND ".join(f"m.search_key LIKE %(pattern_{turn})s" for turn in range(len(patterns)))
    return _run(_FOUND.replace("{pattern}", conditions), facts)


def _run(query: str, facts: dict[str, Any]) -> list[MemberLine]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        rows = cursor.fetchall()
    return lines_of(rows) if rows else []


def _literal(text: str) -> str:
    """Text as a part of a pattern: what means something in patterns means itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class _Served(NamedTuple):
    """Which houses each set of roles has served since the places of the houses were read."""

    places: Mapping[int, Place]
    houses: dict[tuple[Grant, ...], list[int]]


_served: list[_Served] = []


def _known() -> _Served:
    """Kept as long as the network's own reading: the desk's field asks at every key, its page several times."""
    places = network.public_places()
    known = next(iter(_served), None)
    if known is None or known.places is not places:
        known = _Served(places, {})
        _served[:] = [known]
    return known


def forget_places() -> None:
    """Read the houses anew at the next question."""
    network.forget_facts()
