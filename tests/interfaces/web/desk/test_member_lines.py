"""The lines of the member in hand, which are written in code: what a record says never becomes markup, and each fact is shown where there is one."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import translation

from khaneh.domains.circulation.queries.members import LoanLine, RequestLine
from khaneh.domains.circulation.types import REQUEST_STATES, LoanState, RequestState
from khaneh.domains.network.types import Ref
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.member_lines import MemberLines
from khaneh.kernel.labels import Label

_EVIL = "<img src=x onerror=alert(1)>\"'&"
_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_HERE = Label("Central library", "کتابخانهٔ مرکزی", "Thư viện trung tâm")
_THERE = Ref(4, "TH", Label("Taft library", "کتابخانهٔ تفت", "Thư viện Taft"))
_LOAN = LoanLine(9, "C1", 77, "Truyện Kiều", LoanState.OPEN, _NOON, _NOON, 0, False, 4)
_REQUEST = RequestLine(5, RequestState.PLACED, 77, "شاهنامه", 4, _NOON, None, None)


def _loans(loan: LoanLine, *, is_late: bool = False, place: Ref | None = None, language: str = "en") -> str:
    with translation.override(language), reader.reading(reader.Reader(language=language)):
        return MemberLines().loans([(loan, is_late, place)])


def _requests(request: RequestLine, place: Ref | None = None) -> str:
    with translation.override("en"):
        return MemberLines().requests(
            [(request, place, REQUEST_STATES[request.state])], here=_HERE, form="<form><input name=turn>"
        )


def test_no_text_brings_markup() -> None:
    evil = Ref(4, _EVIL, Label(_EVIL, "", ""))
    for html in (
        _loans(_LOAN._replace(title=_EVIL, barcode=_EVIL), place=evil),
        _loans(_LOAN._replace(title="", barcode=_EVIL)),
        _requests(_REQUEST._replace(title=_EVIL, barcode=_EVIL), evil),
        _requests(_REQUEST._replace(title="", barcode=_EVIL, record_id=None)),
    ):
        assert "<img" not in html
        assert "\"'&" not in html
        assert "&lt;img" in html


def test_a_lost_loan_is_not_renewed() -> None:
    assert 'value="renew-9"' in _loans(_LOAN)
    lost = _loans(_LOAN._replace(state=LoanState.LOST))
    assert 'value="renew-9"' not in lost
    assert 'value="return-9"' in lost


def test_a_loan_shows_what_there_is_in_the_readers_language() -> None:
    plain = _loans(_LOAN)
    assert 'href="/records/77"' in plain
    assert 'name="title-9" value="Truyện Kiều"' in plain
    assert "2026-11-22" in plain
    for absent in ("late", "renewed", "lost", "says it is back", "Taft"):
        assert absent not in plain
    full = _LOAN._replace(renewals=2, is_claimed=True)
    html = _loans(full, is_late=True, place=_THERE)
    for present in ("circ-loan--late", "renewed: 2", ">late<", "says it is back", "<bdi>Taft library</bdi>"):
        assert present in html
    assert "۱۴۰۵/۰۹/۰۱" in _loans(full, language="fa")
    assert "تمدید: ۲ بار" in _loans(full, language="fa")
    lost = _loans(_LOAN._replace(state=LoanState.LOST), is_late=True)
    assert ">lost<" in lost
    assert "2026-11-22" not in lost


def test_a_request_can_be_cancelled_where_it_is_collected() -> None:
    own = _requests(_REQUEST)
    assert own.count("<form><input name=turn>") == 1
    assert 'name="request" value="5"' in own
    assert "<bdi>Central library</bdi>" in own
    elsewhere = _requests(_REQUEST._replace(state=RequestState.ON_SHELF, shelf_until=_NOON), _THERE)
    assert "<form" not in elsewhere
    assert "<bdi>Taft library</bdi>" in elsewhere
    assert "badge--good" in elsewhere
    assert "until 2026-11-22" in elsewhere
