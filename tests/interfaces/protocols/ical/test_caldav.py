"""CalDAV as programs speak it: found from the name of the site, read in several ways, never written."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import RoleAssignment
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking
from khaneh.kernel.actor import Actor
from tests.domains.spaces.places import NOW, Places, at
from tests.interfaces.protocols.ical.conftest import booked, key_of

pytestmark = pytest.mark.django_db

NS = {"d": "DAV:", "c": "urn:ietf:params:xml:ns:caldav", "cs": "http://calendarserver.org/ns/"}
XMLNS = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/"'


@dataclass
class Program:
    """A calendar program with somebody's key."""

    actor: Actor
    key: str

    def ask(self, method: str, address: str, body: str = "", **headers: str) -> Any:
        given = base64.b64encode(f"anything:{self.key}".encode()).decode()
        return Client().generic(
            method, address, body.encode(), content_type="application/xml",
            headers={"Authorization": f"Basic {given}", "Depth": "0", **headers},
        )  # fmt: skip

    def told(self, method: str, address: str, body: str, **headers: str) -> etree._Element:
        response = self.ask(method, address, body, **headers)
        assert response.status_code == 207, response.content
        assert response["Content-Type"] == "application/xml; charset=utf-8"
        return etree.fromstring(response.content)

    @property
    def calendar(self) -> str:
        return f"/dav/calendars/{self.actor.account_id}/own/"

    def find(self, address: str, *properties: str, depth: str = "0") -> etree._Element:
        body = f"<d:propfind {XMLNS}><d:prop>{''.join(f'<{one}/>' for one in properties)}</d:prop></d:propfind>"
        return self.told("PROPFIND", address, body, Depth=depth)

    def query(self, filter_: str, address: str = "") -> list[str]:
        body = f"<c:calendar-query {XMLNS}><d:prop><d:getetag/><c:calendar-data/></d:prop><c:filter>{filter_}</c:filter></c:calendar-query>"
        return found(self.told("REPORT", address or self.calendar, body, Depth="1"))

    def changed(self, token: str) -> tuple[list[str], list[str], str]:
        body = f"<d:sync-collection {XMLNS}><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>"
        root = self.told("REPORT", self.calendar, body)
        gone = root.xpath("d:response[d:status]/d:href/text()", namespaces=NS)
        there = root.xpath("d:response[d:propstat]/d:href/text()", namespaces=NS)
        return there, gone, root.findtext("d:sync-token", namespaces=NS)


def found(root: etree._Element) -> list[str]:
    return [str(one) for one in root.xpath("d:response/d:href/text()", namespaces=NS)]


def text(root: etree._Element, path: str) -> str:
    return str(root.findtext(f".//{path}", namespaces=NS))


@pytest.fixture
def sara(places: Places) -> Program:
    actor = places.person()
    return Program(actor, key_of(actor))


def test_the_way_from_the_name_of_the_site_to_the_calendar(sara: Program) -> None:
    first = Client().generic("PROPFIND", "/.well-known/caldav")
    assert (first.status_code, first["Location"]) == (301, "/dav/")
    principal = text(sara.find("/dav/", "d:current-user-principal"), "d:current-user-principal/d:href")
    home = text(sara.find(principal, "c:calendar-home-set"), "c:calendar-home-set/d:href")
    root = sara.find(home, "d:resourcetype", "d:displayname", "c:supported-calendar-component-set", depth="1")
    calendars = root.xpath("d:response[.//c:calendar]/d:href/text()", namespaces=NS)
    assert calendars == [sara.calendar]
    assert text(root, "d:displayname")
    assert root.xpath("//c:comp/@name", namespaces=NS) == ["VEVENT"]


def test_every_answer_says_what_the_server_is(sara: Program) -> None:
    response = Client().options("/dav/")
    assert response.status_code == 200
    assert "calendar-access" in response["DAV"]
    assert "REPORT" in response["Allow"]
    assert "calendar-access" in sara.ask("PROPFIND", "/dav/")["DAV"]


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer kc_x",
        "Basic",
        "Basic %%%",
        "Basic " + base64.b64encode(b"a:kc_no").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
    ],
)
def test_without_a_key_nothing_is_told(places: Places, given: str) -> None:
    response = Client().generic("PROPFIND", "/dav/", headers={"Authorization": given} if given else {})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Basic realm="Khaneh", charset="UTF-8"'
    assert response.content == b""


def test_a_password_of_the_account_is_no_key(places: Places) -> None:
    actor = places.person()
    assert Program(actor, "correct horse battery").ask("PROPFIND", "/dav/").status_code == 401


def test_anothers_calendar_is_not_there(sara: Program, places: Places) -> None:
    other = places.person()
    key_of(other)
    booked(other, places.room, 10)
    for address in (
        f"/dav/calendars/{other.account_id}/",
        f"/dav/calendars/{other.account_id}/own/",
        f"/dav/principals/{other.account_id}/",
    ):
        assert sara.ask("PROPFIND", address).status_code == 404
    assert sara.query('<c:comp-filter name="VCALENDAR"/>') == []


def test_an_ended_key_opens_nothing(sara: Program) -> None:
    number, key = people.make_calendar_key(actor=sara.actor, name="lost", now=NOW)
    program = Program(sara.actor, key)
    assert program.ask("PROPFIND", "/dav/").status_code == 207
    people.end_calendar_key(actor=sara.actor, key_id=number)
    assert program.ask("PROPFIND", "/dav/").status_code == 401
    assert sara.ask("PROPFIND", "/dav/").status_code == 207


def test_objects_are_listed_with_their_tags_and_fetched(sara: Program, places: Places) -> None:
    number = booked(sara.actor, places.room, 10, title="Reading < circle & \x07more")
    root = sara.find(sara.calendar, "d:getetag", "d:getcontenttype", "d:nothing", depth="1")
    (address,) = [one for one in found(root) if one.endswith(".ics")]
    assert address == f"{sara.calendar}booking-{number}.ics"
    etag = root.xpath(f"d:response[d:href='{address}']//d:getetag/text()", namespaces=NS)[0]
    assert root.xpath("count(//d:propstat[contains(d:status, '404')]//d:nothing)", namespaces=NS) == 2
    one = sara.ask("GET", address)
    assert (one.status_code, one["ETag"], one["Content-Type"]) == (
        200,
        etag,
        "text/calendar; charset=utf-8; component=VEVENT",
    )
    assert b"METHOD" not in one.content
    assert sara.ask("GET", address, **{"Accept-Encoding": "gzip"})["ETag"] == etag
    assert sara.ask("GET", address, **{"If-None-Match": etag}).status_code == 304
    assert sara.ask("GET", f"{sara.calendar}booking-0.ics").status_code == 404
    body = f"<c:calendar-multiget {XMLNS}><d:prop><c:calendar-data/></d:prop><d:href>{address}</d:href><d:href>{sara.calendar}gone.ics</d:href></c:calendar-multiget>"
    several = sara.told("REPORT", sara.calendar, body)
    assert text(several, "c:calendar-data").replace("\r\n", "\n") == one.content.decode().replace("\r\n", "\n")
    assert several.xpath("d:response[contains(d:status, '404')]/d:href/text()", namespaces=NS) == [
        f"{sara.calendar}gone.ics"
    ]


def test_a_query_finds_by_time_and_words(sara: Program, places: Places) -> None:
    first = booked(sara.actor, places.room, 10, title="Hội thảo")
    second = booked(sara.actor, places.room, 15, day=5, title="جلسه")

    def event(inner: str) -> list[str]:
        found = sara.query(
            f'<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{inner}</c:comp-filter></c:comp-filter>'
        )
        return [one.rpartition("/")[2] for one in found]

    names = [f"booking-{first}.ics", f"booking-{second}.ics"]
    assert event("") == names
    assert event('<c:time-range start="20260303T000000Z" end="20260304T000000Z"/>') == names[:1]
    assert event('<c:time-range start="20260304T000000Z"/>') == names[1:]
    assert event('<c:time-range end="20260303T063000Z"/>') == []
    assert (
        event(
            '<c:prop-filter name="SUMMARY"><c:text-match collation="i;unicode-casemap">HỘI</c:text-match></c:prop-filter>'
        )
        == names[:1]
    )
    assert (
        event('<c:prop-filter name="SUMMARY"><c:text-match negate-condition="yes">جلسه</c:text-match></c:prop-filter>')
        == names[:1]
    )
    assert (
        event(f'<c:prop-filter name="UID"><c:text-match>booking-{second}@</c:text-match></c:prop-filter>') == names[1:]
    )
    assert event('<c:prop-filter name="X-THING"><c:is-not-defined/></c:prop-filter>') == names
    assert event('<c:comp-filter name="VALARM"/>') == []
    assert sara.query('<c:comp-filter name="VCALENDAR"><c:comp-filter name="VTODO"/></c:comp-filter>') == []


def test_what_changed_is_told_once_and_what_is_cancelled_disappears(sara: Program, places: Places) -> None:
    first, second = booked(sara.actor, places.room, 10), booked(sara.actor, places.room, 14)
    there, gone, token = sara.changed("")
    assert (len(there), gone) == (2, [])
    assert sara.changed(token) == ([], [], token)
    services.cancel(actor=sara.actor, booking_id=first, now=NOW)
    services.change_booking(actor=sara.actor, booking_id=second, starts=at(15), ends=at(16), now=NOW)
    third = booked(sara.actor, places.room, 18)
    there, gone, later = sara.changed(token)
    assert there == [f"{sara.calendar}booking-{second}.ics", f"{sara.calendar}booking-{third}.ics"]
    assert gone == [f"{sara.calendar}booking-{first}.ics"]
    assert sara.changed(later) == ([], [], later)
    # The older state is still known to another telephone.
    assert sara.changed(token)[2] == later
    tag = text(sara.find(sara.calendar, "cs:getctag", "d:sync-token"), "cs:getctag")
    assert tag in later


@pytest.mark.parametrize(
    "token", ["http://localhost:8000/dav/sync/" + "0" * 40, "x", "http://localhost:8000/dav/sync/../../etc"]
)
def test_a_token_that_is_unknown_makes_the_program_begin_anew(sara: Program, token: str) -> None:
    body = f"<d:sync-collection {XMLNS}><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop/></d:sync-collection>"
    response = sara.ask("REPORT", sara.calendar, body)
    assert response.status_code == 403
    assert b"valid-sync-token" in response.content


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PROPPATCH", "MKCALENDAR", "MKCOL", "MOVE", "COPY", "LOCK", "POST", "PATCH"]
)
def test_nothing_can_be_written(sara: Program, places: Places, method: str) -> None:
    number = booked(sara.actor, places.room, 10)
    response = sara.ask(method, f"{sara.calendar}booking-{number}.ics", "BEGIN:VCALENDAR")
    assert response.status_code == 403
    assert b"need-privileges" in response.content
    assert Booking.objects.get(pk=number).state == "confirmed"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<d:propfind", 400),
        (
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><d:propfind xmlns:d="DAV:"><d:prop>&b;</d:prop></d:propfind>',
            400,
        ),
        ('<a xmlns="DAV:"/>', 400),
        ("\x00", 400),
        ("<d:propfind xmlns:d='DAV:'><d:prop><!-- nothing --></d:prop></d:propfind>", 207),
        ("", 207),
    ],
)
def test_bodies_that_are_none_are_refused(sara: Program, body: str, status: int) -> None:
    assert sara.ask("PROPFIND", "/dav/", body).status_code == status


@pytest.mark.parametrize(
    ("body", "status", "condition"),
    [
        ("", 400, ""),
        (f"<c:free-busy-query {XMLNS}/>", 403, "supported-report"),
        (f"<c:calendar-query {XMLNS}/>", 400, ""),
        (f"<c:calendar-query {XMLNS}><c:filter/></c:calendar-query>", 400, ""),
        (f"<c:calendar-multiget {XMLNS}/>", 400, ""),
        (f"<d:sync-collection {XMLNS}/>", 400, ""),
        (f'<c:calendar-query {XMLNS}><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="x"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>', 400, ""),
        (f'<c:calendar-query {XMLNS}><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:prop-filter name="SUMMARY"><c:text-match collation="i;odd">a</c:text-match></c:prop-filter></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>', 403, "supported-collation"),
    ],
)  # fmt: skip
def test_reports_that_are_none_are_refused(sara: Program, body: str, status: int, condition: str) -> None:
    response = sara.ask("REPORT", sara.calendar, body)
    assert response.status_code == status
    assert condition in response.content.decode()


def test_everything_at_once_is_not_given(sara: Program) -> None:
    response = sara.ask("PROPFIND", "/dav/", Depth="infinity")
    assert response.status_code == 403
    assert b"propfind-finite-depth" in response.content


def test_who_works_at_a_house_reads_its_bookings_and_no_longer_than_that(places: Places) -> None:
    desk = places.staff(Role.CIRCULATION)
    program = Program(desk, key_of(desk))
    number = booked(places.person(), places.room, 10, title="Talk")
    address = f"/dav/calendars/{desk.account_id}/house-{places.centre.pk}/"
    home = program.find(f"/dav/calendars/{desk.account_id}/", "d:displayname", depth="1")
    assert found(home)[1:] == [program.calendar, address]
    assert program.query('<c:comp-filter name="VCALENDAR"/>', address) == [f"{address}booking-{number}.ics"]
    other = f"/dav/calendars/{desk.account_id}/house-{places.branch.pk}/"
    assert program.ask("PROPFIND", other).status_code == 404
    RoleAssignment.objects.filter(account_id=desk.account_id).update(valid_until=NOW)
    assert program.ask("PROPFIND", address).status_code == 404
    assert found(program.find(f"/dav/calendars/{desk.account_id}/", "d:displayname", depth="1"))[1:] == [
        program.calendar
    ]
