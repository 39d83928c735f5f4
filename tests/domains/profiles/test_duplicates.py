"""Whether a line of a table is a company that is there: sure, unsure or new."""

from __future__ import annotations

import pytest

from khaneh.domains.profiles.rules.duplicates import Judgement, Register, Verdict, marks, name_key


def known() -> Register:
    """A register of four."""
    register = Register()
    for number, (name, registered, site, phone) in enumerate(
        (
            ("شرکت لعاب آبی میبد", "4711", "https://www.lalejin.example.org/fa", "+98 35 3231 1111"),
            ("Công ty TNHH Giấy dó Phong Phú", "2900", "https://giaydo.example.org", ""),
            ("Smart Rice Systems", "", "", ""),
            ("Blue Glaze", "1", "https://facebook.com/blue", ""),
        ),
        1,
    ):
        register.add(number, marks(country="IR", number=registered, names=[name], website=site, phone=phone))
    return register


def judge(name: str, number: str = "", site: str = "", phone: str = "", country: str = "IR") -> Judgement:
    """What is judged of one line."""
    return known().judge(marks(country=country, number=number, names=[name], website=site, phone=phone))


@pytest.mark.parametrize(
    ("line", "verdict", "candidates"),
    [
        (("anything", "۴۷۱۱"), Verdict.SURE, (1,)),  # a number is a number in any digits
        (("لعاب آبی ميبد", "", "http://lalejin.example.org"), Verdict.SURE, (1,)),  # Arabic yeh, no kind of firm
        (("Giay do Phong Phu",), Verdict.UNSURE, (2,)),  # without marks: the name alone is for a person
        (
            ("Giấy dó Phong Phú", "2901", "https://giaydo.example.org"),
            Verdict.UNSURE,
            (2,),
        ),  # another number speaks against
        (("Smart Rice System",), Verdict.UNSURE, (3,)),
        (("Systems Smart Rice",), Verdict.UNSURE, (3,)),
        (("Something", "", "", "035 3231 1111"), Verdict.UNSURE, (1,)),
        (("Something", "", "https://facebook.com/other"), Verdict.NEW, ()),  # under which many live
        (("Smart Wheat",), Verdict.NEW, ()),
        (("Red Glaze",), Verdict.NEW, ()),
    ],
)
def test_a_line_is_there_or_may_be_or_is_not(
    line: tuple[str, ...], verdict: Verdict, candidates: tuple[int, ...]
) -> None:
    found = judge(*line)
    assert (found.verdict, found.candidates) == (verdict, candidates)


def test_another_country_is_another_company() -> None:
    assert judge("Smart Rice Systems", country="VN").verdict is Verdict.NEW
    assert judge("x", "4711", country="VN").verdict is Verdict.NEW


def test_what_kind_of_firm_it_is_says_nothing() -> None:
    assert name_key("Công ty cổ phần Lúa Việt") == name_key("Lua Viet JSC") == "lua viet"
    assert name_key("شرکت") == name_key("شركت") != ""
