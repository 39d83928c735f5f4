"""Staff of three houses, and a small union with something in every corner of the desk: a quarantine, a pair, a merge, a profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.models import Contribution, QuarantineItem, Record, ReviewPair
from khaneh.domains.catalogue.services import uploads
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.catalogue import books

STAFF = {
    "admin": (Role.ADMINISTRATOR, "organisation", "NA-AUTH"),
    "librarian": (Role.LIBRARIAN, "house", "NA-LIB"),
    "cataloguer": (Role.CATALOGUER, "house", "NA-LIB"),
    "manager": (Role.HOUSE_MANAGER, "house", "NA-LIB"),
    "other": (Role.LIBRARIAN, "house", "YZ-LIB"),
    "other_cataloguer": (Role.CATALOGUER, "house", "YZ-LIB"),
    "other_manager": (Role.HOUSE_MANAGER, "house", "YZ-LIB"),
    "other_admin": (Role.ADMINISTRATOR, "organisation", "YZ-AUTH"),
}


def staff() -> dict[str, Account]:
    """An account for each of STAFF and one of a reader without a role."""
    now = datetime.now(UTC)
    made = {}
    for name in (*STAFF, "reader"):
        made[name] = Account.objects.create_user(f"{name}@example.org", "a-calm-turquoise-door", name=name.title())
        if name in STAFF:
            role, kind, code = STAFF[name]
            place = (
                {"house_id": network.house_ids_by_code([code])[code]}
                if kind == "house"
                else {"organisation_id": network.organisation(code).row.id}
            )
            people.grant_role(actor=SYSTEM, account_id=made[name].pk, role=role, now=now, **place)
    return made


@dataclass(frozen=True)
class Union:
    """The numbers of what there is in it."""

    batch: int  # done
    waiting: int  # kept, not started
    item: int  # in quarantine, without a title
    broken: int  # in quarantine, no record at all
    pair: int
    left: int
    right: int
    into: int
    decision: int
    contribution: int
    role: int


def union(folder: Path) -> Union:
    """Everything of NA-LIB; the houses must be there."""
    made = [
        books.record("1", **books.KIEU, copies=(("B1", "NA-LIB"),)),
        books.record("2", **books.LIBRARY),
        books.record("3", title="Đất rừng phương Nam", author="Đoàn Giỏi", year="1957"),
        books.record("4", title="Vang bóng một thời", author="Nguyễn Tuân", year="1940"),
        books.record("9", title="", author="Ai đó"),
    ]
    path = folder / "na.mrc"
    path.write_bytes(books.iso(*made) + b"00040 nothing here\x1d")
    report = services.import_file(actor=SYSTEM, path=path, house="NA-LIB", profile="952")
    records = list(Record.objects.order_by("pk").values_list("pk", flat=True))
    decision = services.merge_records(
        actor=SYSTEM, from_record_id=records[3], into_record_id=records[2], reason="for a test", now=datetime.now(UTC)
    )
    evidence = [{"feature": "title:near", "left": "a", "right": "b", "weight": 1.5}]
    pair = ReviewPair.objects.create(left_id=records[0], right_id=records[1], score=0.66, evidence=evidence)
    with books.write(folder / "second.mrc", books.record("7", title="Chí Phèo", author="Nam Cao")).open("rb") as file:
        waiting = uploads.keep_file(actor=SYSTEM, upload=file, name="second.mrc", house="NA-LIB")
    services.save_profile(
        actor=SYSTEM,
        name="ours",
        label=Label("Ours", "مال ما", "Của ta"),
        rules={"fields": [{"tag": "952", "barcode": "p"}]},
        now=datetime.now(UTC),
    )
    broken, untitled = QuarantineItem.objects.order_by("-position").values_list("pk", flat=True)
    return Union(
        batch=report.batch_id,
        waiting=waiting,
        item=untitled,
        broken=broken,
        pair=pair.pk,
        left=records[0],
        right=records[1],
        into=records[2],
        decision=decision,
        contribution=Contribution.objects.order_by("pk").values_list("pk", flat=True)[0],
        role=RoleAssignment.objects.get(account__email="librarian@example.org").pk
        if RoleAssignment.objects.filter(account__email="librarian@example.org").exists()
        else 0,
    )
