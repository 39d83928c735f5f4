"""Readers and copies of NA-LIB for its circulation desk. The houses and staff must be there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from khaneh.domains.catalogue.models import Copy, Record
from khaneh.domains.circulation.services import ensure_policies
from khaneh.domains.network import queries as network
from khaneh.domains.people import services as people
from khaneh.domains.people.models import MemberCategory
from khaneh.domains.people.types import MemberDraft
from khaneh.kernel.actor import SYSTEM

READERS = (("Nguyễn", "Lan", "vi"), ("Trần", "Hùng", "vi"), ("رضایی", "مریم", "fa"), ("Nguyễn", "Minh", "vi"))


@dataclass(frozen=True)
class Lending:
    """The house, the readers' ids, their cards M00000001…, the copies C00000000…."""

    house: int
    readers: tuple[int, ...]
    cards: tuple[str, ...]
    copies: tuple[str, ...]


def load(*, readers: int = 1, copies: int = 3) -> Lending:
    """So many readers and copies, with the rules as they are delivered."""
    ensure_policies()
    house = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
    MemberCategory.objects.get_or_create(
        code="adult", defaults={"names": {"en": "Adult", "fa": "بزرگسال", "vi": "Người lớn"}}
    )
    members = []
    for number, (family, given, language) in enumerate(READERS[:readers], 1):
        draft = MemberDraft(
            family_name=family, given_name=given, category="adult", home_house_id=house, language=language,
            birth_date=date(1990, 5, number),
        )  # fmt: skip
        barcode = f"M{number:08}"
        made = people.register_member(actor=SYSTEM, draft=draft, now=datetime.now(UTC), barcode=barcode, sure=True)
        members.append(made.member_id)
    barcodes = copies_of(copies, house=house)
    return Lending(
        house, tuple(members), tuple(f"M{number:08}" for number in range(1, readers + 1)),
        barcodes,
    )  # fmt: skip


def copies_of(number: int, *, house: int, first: int = 0) -> tuple[str, ...]:
    """So many copies of the house, each of a book of its own; their barcodes."""
    titles = ("Truyện Kiều", "شاهنامه", "Shahnameh")
    barcodes = []
    for place in range(first, first + number):
        record = Record.objects.create(document=f'{{"title": "{titles[place % 3]} {place}"}}')
        barcodes.append(f"C{place:08}")
        Copy.objects.create(house_id=house, record=record, barcode=barcodes[-1])
    return tuple(barcodes)
