"""The query language: every text is a tree, and a tree written down is read as itself."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from khaneh.domains.discovery.rules import compiling
from khaneh.domains.discovery.rules.language import (
    All,
    And,
    In,
    Node,
    Not,
    Or,
    Pattern,
    Quoted,
    Word,
    Years,
    parse,
    write,
    years,
)

PIECES = st.sampled_from(
    [
        "a",
        "sách",
        "کتاب\u200cها",
        '"',
        "“",
        "”",
        "«",
        "(",
        ")",
        "AND",
        "OR",
        "NOT",
        "|",
        "-",
        "+",
        "=",
        "title:",
        "author:",
        "year:",
        "1990..2000",
        "..",
        "*",
        "?",
        "ngu*",
        "c?t",
        ":",
        " ",
        "  ",
        "\u202e",
        "\\",
        "سال:",
        "۱۹۹۰",
        "isbn:",
        "x:y",
        "--",
        "=-",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join)
)


@example("0)0 OR -")
@example("0)0 OR title:")
@given(TEXTS)
def test_any_text_is_read_written_and_read_again_as_the_same(text: str) -> None:
    tree = parse(text)
    assert parse(write(tree)) == tree


@given(TEXTS)
def test_any_text_can_be_asked(text: str) -> None:
    tree = parse(text)
    compiling.compiled(tree)
    if compiling.can_relax(tree):
        compiling.compiled(tree, relaxed=True)


@pytest.mark.parametrize(
    "text", ["(" * 500 + "a", "NOT " * 240 + "a", "-" * 900 + "a", "title:" * 150, "a OR " * 190, "(a " * 300]
)
def test_deep_nesting_is_read_too(text: str) -> None:
    tree = parse(text)
    assert parse(write(tree)) == tree
    compiling.compiled(tree)


A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", All()),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("+a +b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a | b", Or((A, B))),
        ("a -b", And((A, Not(B)))),
        ("a NOT (b OR c)", And((A, Not(Or((B, C)))))),
        ("NOT NOT a", A),
        ('"a b', Quoted("a b")),
        ("“a b” «c»", And((Quoted("a b"), Quoted("c")))),
        ('="a b" =c', And((Quoted("a b", exact=True), Word("c", exact=True)))),
        ("title:a b", And((In("title", A), B))),
        ("title: a", In("title", A)),
        ("title:(a b)", And((In("title", A), In("title", B)))),
        ("عنوان:a tacgia:b", And((In("title", A), In("author", B)))),
        ("nothing:a", Word("nothing:a")),
        ("year:1990..2000", Years(1990, 2000)),
        ("year:۱۹۹۰-", Years(1990, None)),
        ("year:..5", Years(None, 5)),
        ("year:soon", Word("soon")),
        ("nguy* what?", And((Pattern("nguy*"), Word("what?")))),
        ("a)", A),
    ],
)
def test_reading(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "span"),
    [("1990..2000", (1990, 2000)), ("1990", (1990, 1990)), ("..3", (None, 3)), ("x", None), ("..", None)],
)
def test_years_of_a_facet(text: str, span: tuple[int | None, int | None] | None) -> None:
    found = years(text)
    assert (None if found is None else (found.low, found.high)) == span
