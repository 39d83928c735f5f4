"""Acts at the desk's doors: the permitted call does its work, the refused one changes nothing.

Who may open what stands in one table, that of the whole system: tests/contracts/test_permissions.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from django.urls import URLPattern, reverse

from khaneh.domains.people.models import RoleAssignment
from khaneh.infrastructure.journal.models import Entry
from khaneh.interfaces.web.desk.urls import urlpatterns
from tests.contracts.test_permissions import DESK
from tests.domains.catalogue import snapshot
from tests.interfaces.web.desk.conftest import Windows
from tests.interfaces.web.desk.desk_data import Union

pytestmark = pytest.mark.django_db


class Call(NamedTuple):
    """A call that does something: what is sent, who may, and who of another house may not (empty: the page is theirs too, with less on it)."""

    method: str
    who: str
    stranger: str = ""
    args: tuple[Any, ...] = ()
    sent: dict[str, Any] = {}
    gives: int = 200


CALLS: dict[str, Call] = {
    "desk": Call("get", "librarian"),
    "desk-imports": Call("get", "librarian"),
    "desk-import": Call("get", "librarian", "other", ("batch",)),
    "desk-import-start": Call("post", "librarian", "other", ("waiting",), {"profile": "952"}, 302),
    "desk-profiles": Call("get", "librarian"),
    "desk-profile-new": Call("get", "cataloguer"),
    "desk-profile": Call("get", "librarian", args=("=ours",)),
    "desk-quarantine": Call("get", "librarian"),
    "desk-quarantined": Call("get", "librarian", "other", ("item",)),
    "desk-quarantined-retry": Call("post", "librarian", "other", ("item",), {"encoding": "", "accept": "on"}, 409),
    "desk-quarantined-discard": Call("post", "librarian", "other", ("item",), {"reason": "a test"}, 302),
    "desk-quarantined-bytes": Call("get", "librarian", "other", ("item",)),
    "desk-pairs": Call("get", "cataloguer"),
    "desk-pair": Call("post", "cataloguer", "other_cataloguer", ("pair",), {"judgement": "same"}, 302),
    "desk-record": Call("get", "librarian", args=("into",)),
    "desk-record-merge": Call("get", "cataloguer", args=("left",), sent={"with": "right"}),
    "desk-contribution-bytes": Call("get", "librarian", args=("contribution",)),
    "desk-merges": Call("get", "librarian"),
    "desk-merge-undo": Call("post", "cataloguer", "other_cataloguer", ("decision",), {"reason": "a test"}, 302),
    "desk-network": Call("get", "manager"),
    "desk-table": Call("get", "manager", args=("=houses",)),
    "desk-table-export": Call("get", "manager", args=("=houses", "=csv")),
    "desk-houses": Call("get", "manager"),
    "desk-house-new": Call("get", "admin"),
    "desk-house": Call("get", "manager", "other_manager", ("=NA-LIB",)),
    "desk-house-hours": Call("post", "manager", "other_manager", ("=NA-LIB",), {"d1_0_opens": "8", "d1_0_closes": "12"}, 302),
    "desk-house-state": Call("post", "manager", "other_manager", ("=NA-LIB",), {"state": "suspended", "reason": "x"}, 302),
    "desk-house-roles": Call("get", "manager", "other_manager", ("=NA-LIB",)),
    "desk-organisations": Call("get", "admin"),
    "desk-organisation-new": Call("get", "admin"),
    "desk-organisation": Call("get", "admin", "other_admin", ("=NA-AUTH",)),
    "desk-organisation-roles": Call("get", "admin", "other_admin", ("=NA-AUTH",)),
    "desk-role-revoke": Call("post", "manager", "other_manager", ("role",), {"place": "house:NA-LIB"}, 302),
}  # fmt: skip


def test_every_route_of_the_desk_has_its_row_in_the_one_table() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert names == {name for name in DESK if name in names}
    assert set(CALLS) <= set(DESK)


def _call(windows: Windows, who: str, name: str, union: Union) -> Any:
    row = CALLS[name]
    args = [one[1:] if one.startswith("=") else getattr(union, one) for one in row.args]
    sent = {key: getattr(union, value) if value in {"left", "right"} else value for key, value in row.sent.items()}
    return getattr(windows(who), row.method)(reverse(name, args=args), sent)


def _state() -> tuple[Any, ...]:
    roles = list(RoleAssignment.objects.order_by("pk").values_list("pk", "valid_until"))
    return snapshot.tables(), snapshot.content()["pairs"], snapshot.content()["batches"], roles, Entry.objects.count()


@pytest.mark.parametrize("name", CALLS)
def test_who_may_and_who_may_not(name: str, window: Windows, union: Union) -> None:
    row = CALLS[name]
    before = _state()
    assert _call(window, "visitor", name, union)["Location"].startswith("/accounts/login/")
    assert _call(window, "reader", name, union).status_code == 404
    if row.stranger:
        answer = _call(window, row.stranger, name, union)
        # An undoing answers with a notice on the page that it came from, everything else as if it were not there.
        assert answer.status_code == (302 if name == "desk-merge-undo" else 404)
    assert _state() == before, "a refused call changed something"
    answer = _call(window, row.who, name, union)
    assert answer.status_code == row.gives
    assert "no-store" in answer["Cache-Control"]
    if row.method == "post" and row.gives == 302:
        assert _state() != before, "the permitted call did nothing"


def test_a_list_holds_only_what_its_reader_may_see(window: Windows, union: Union) -> None:
    for path in ("/desk/", "/desk/imports/", "/desk/quarantine/"):
        assert "na.mrc" not in window("other").get(path).content.decode()
    assert "na.mrc" in window("librarian").get("/desk/imports/").content.decode()
    assert f"/desk/pairs/{union.pair}/" in window("cataloguer").get("/desk/pairs/").content.decode()
    assert f"/desk/pairs/{union.pair}/" not in window("other_cataloguer").get("/desk/pairs/").content.decode()


def test_the_navigation_offers_what_the_roles_open(window: Windows) -> None:
    librarian = window("librarian").get("/desk/").content.decode()
    assert "/desk/imports/" in librarian
    assert "/desk/organisations/" not in librarian
    manager = window("manager").get("/desk/").content.decode()
    assert "/desk/houses/" in manager
    assert 'href="/desk/imports/"' not in manager
    assert 'href="/desk/"' in window("librarian").get("/").content.decode()
    assert 'href="/desk/"' not in window("reader").get("/").content.decode()


def test_a_missing_thing_looks_like_one_that_is_not_ones_own(window: Windows, union: Union) -> None:
    for path, mine in (("/desk/quarantine/%s/", union.item), ("/desk/imports/%s/", union.batch)):
        hidden, missing = (window("other").get(path % number) for number in (mine, 999_999))
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content.replace(str(mine).encode(), b"") == missing.content.replace(b"999999", b"")
