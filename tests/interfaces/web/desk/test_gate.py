"""Who gets through which of the desk's doors, act by act: a refused call changes nothing.

Routes without a row here have theirs in the table of the whole system, tests/contracts/test_permissions.py.
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


class Row(NamedTuple):
    """A route, what is sent to it, who may, and who of another house may not (empty: the page is theirs too, with less on it)."""

    method: str
    who: str
    stranger: str = ""
    args: tuple[Any, ...] = ()
    sent: dict[str, Any] = {}
    gives: int = 200


MATRIX: dict[str, Row] = {
    "desk": Row("get", "librarian"),
    "desk-imports": Row("get", "librarian"),
    "desk-import": Row("get", "librarian", "other", ("batch",)),
    "desk-import-start": Row("post", "librarian", "other", ("waiting",), {"profile": "952"}, 302),
    "desk-profiles": Row("get", "librarian"),
    "desk-profile-new": Row("get", "cataloguer"),
    "desk-profile": Row("get", "librarian", args=("=ours",)),
    "desk-quarantine": Row("get", "librarian"),
    "desk-quarantined": Row("get", "librarian", "other", ("item",)),
    "desk-quarantined-retry": Row("post", "librarian", "other", ("item",), {"encoding": "", "accept": "on"}, 409),
    "desk-quarantined-discard": Row("post", "librarian", "other", ("item",), {"reason": "a test"}, 302),
    "desk-quarantined-bytes": Row("get", "librarian", "other", ("item",)),
    "desk-pairs": Row("get", "cataloguer"),
    "desk-pair": Row("post", "cataloguer", "other_cataloguer", ("pair",), {"judgement": "same"}, 302),
    "desk-record": Row("get", "librarian", args=("into",)),
    "desk-record-merge": Row("get", "cataloguer", args=("left",), sent={"with": "right"}),
    "desk-contribution-bytes": Row("get", "librarian", args=("contribution",)),
    "desk-merges": Row("get", "librarian"),
    "desk-merge-undo": Row("post", "cataloguer", "other_cataloguer", ("decision",), {"reason": "a test"}, 302),
    "desk-network": Row("get", "manager"),
    "desk-table": Row("get", "manager", args=("=houses",)),
    "desk-table-export": Row("get", "manager", args=("=houses", "=csv")),
    "desk-houses": Row("get", "manager"),
    "desk-house-new": Row("get", "admin"),
    "desk-house": Row("get", "manager", "other_manager", ("=NA-LIB",)),
    "desk-house-hours": Row("post", "manager", "other_manager", ("=NA-LIB",), {"d1_0_opens": "8", "d1_0_closes": "12"}, 302),
    "desk-house-state": Row("post", "manager", "other_manager", ("=NA-LIB",), {"state": "suspended", "reason": "x"}, 302),
    "desk-house-roles": Row("get", "manager", "other_manager", ("=NA-LIB",)),
    "desk-organisations": Row("get", "admin"),
    "desk-organisation-new": Row("get", "admin"),
    "desk-organisation": Row("get", "admin", "other_admin", ("=NA-AUTH",)),
    "desk-organisation-roles": Row("get", "admin", "other_admin", ("=NA-AUTH",)),
    "desk-role-revoke": Row("post", "manager", "other_manager", ("role",), {"place": "house:NA-LIB"}, 302),
}  # fmt: skip


def test_every_route_has_a_row_here_or_in_the_table_of_the_whole_system() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert set(MATRIX) <= names
    assert names - set(MATRIX) <= set(DESK)


def _call(windows: Windows, who: str, name: str, union: Union) -> Any:
    row = MATRIX[name]
    args = [one[1:] if one.startswith("=") else getattr(union, one) for one in row.args]
    sent = {key: getattr(union, value) if value in {"left", "right"} else value for key, value in row.sent.items()}
    return getattr(windows(who), row.method)(reverse(name, args=args), sent)


def _state() -> tuple[Any, ...]:
    roles = list(RoleAssignment.objects.order_by("pk").values_list("pk", "valid_until"))
    return snapshot.tables(), snapshot.content()["pairs"], snapshot.content()["batches"], roles, Entry.objects.count()


@pytest.mark.parametrize("name", MATRIX)
def test_who_may_and_who_may_not(name: str, window: Windows, union: Union) -> None:
    row = MATRIX[name]
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
