"""Keys: what is the same to a reader is the same key, in every tier; and what must hold for any text at all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.kernel.orthography import (
    affixes_joined,
    chunks,
    exact_key,
    latin_digits,
    match_key,
    persian_digits,
    script_of,
    search_key,
    words,
)

# Letters, marks, digits, joiners and controls of the scripts that catalogues really hold, and anything else.
SCRIPTS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x24F),
        st.characters(min_codepoint=0x300, max_codepoint=0x36F),
        st.characters(min_codepoint=0x400, max_codepoint=0x45F),
        st.characters(min_codepoint=0x590, max_codepoint=0x6FF),
        st.characters(min_codepoint=0x900, max_codepoint=0x97F),
        st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
        st.characters(min_codepoint=0x2000, max_codepoint=0x206F),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x4E40),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFC),
        st.characters(),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    "same",
    [
        ("کتاب", "كتاب", "کِتاب", "کتـاب", "\u200fکتاب\u200e", "ﮐﺘﺎﺏ"),
        ("یزد", "يزد", "ىزد"),
        ("خانه", "خانة", "خانۀ", "خانهٔ"),
        ("احمد", "أحمد", "أَحْمَد", "ٱحمد"),
        ("۱۳۹۹", "١٣٩٩", "1399"),
        ("hòa", "hoà", "HOÀ", "ho\u0300a", "hoa\u0300"),
        ("thủy", "thuỷ"),
        ("hoàn", "hòan"),
        ("ﬁn", "fin", "FIN"),
        ("Qur'ān", "Qurʼān", "qur‘ān"),
    ],
)
def test_text_one_word_written_differently_has_one_exact_key(same: tuple[str, ...]) -> None:
    assert len({exact_key(text) for text in same}) == 1


@pytest.mark.parametrize(
    "same",
    [
        ("Nguyễn Trãi", "nguyen trai", "NGUYỄN TRÃI"),
        ("Đường", "duong"),
        ("Shāhnāmah", "shahnamah"),
        ("Ṣafā, Ẕabīḥ Allāh", "safa zabih allah"),
        ("ʻIlm al-Qurʼān", "ilm al quran"),
        ("København Łódź Straße Œuvre", "kobenhavn lodz strasse oeuvre"),
        ("الكتاب", "کتاب", "والكتاب"),
        ("مسئله", "مسیله"),
        ("آب", "اب"),
        ("Ёлка", "елка"),
        ("שָׁלוֹם", "שלום"),
        ("Ἀθῆναι", "αθηναι"),
    ],
)
def test_text_what_a_reader_leaves_out_is_left_out_of_the_folded_key(same: tuple[str, ...]) -> None:
    assert len({search_key(text) for text in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hóa"), ("việt", "viết"), ("résumé", "resume"), ("đ", "d")],
)
def test_text_the_exact_key_keeps_tones_and_accents(one: str, other: str) -> None:
    assert exact_key(one) != exact_key(other)
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("الله", "له"), ("الی", "ی"), ("والدین", "دین"), ("quý", "qúy"), ("й", "и")]
)
def test_text_what_only_looks_alike_stays_apart(one: str, other: str) -> None:
    assert exact_key(one) != exact_key(other)
    assert search_key(one) != search_key(other) or one in ("quý",)


def test_text_a_zwnj_or_hyphen_gives_parts_and_the_whole() -> None:
    (part,) = chunks("کتاب‌خانه‌ها")
    assert part.folded == "کتاب خانه ها"
    assert part.joined.split()[0] == "کتابخانهها"
    assert "کتابخانه" in part.joined.split()
    assert [c.joined for c in chunks("e-mail al-Qurʼān l'homme x,y")] == ["email", "alquran", "lhomme", ""]
    assert [c.folded for c in chunks("l'homme qu'il king's O'Brien")] == ["l homme", "qu il", "kings", "obrien"]


def test_text_an_affix_that_stands_alone_is_joined_to_its_word() -> None:
    assert affixes_joined(chunks("او می رود")) == ["میرود"]
    assert affixes_joined(chunks("کتاب ها و باغ های ما")) == ["کتابها", "باغهای"]
    assert affixes_joined(chunks("می")) == []


def test_text_other_scripts_pass_sensibly() -> None:
    assert search_key("हिन्दी साहित्य") == "हिन्दी साहित्य"
    assert search_key("中国图书馆2020") == "中国 国图 图书 书馆 2020"
    assert search_key("C++ and C# – .NET") == "c++ and c# net"
    assert match_key("Kitāb-khānah") == match_key("Kitabkhanah") == "kitabkhanah"


def test_words_know_where_they_stand() -> None:
    text = "«كتاب‌هاي» Nguyễn, (al-Kitāb)"
    assert [text[w.start : w.end] for w in words(text)] == ["كتاب", "هاي", "Nguyễn", "al", "Kitāb"]
    assert [w.chunk.folded for w in words(text)] == ["کتاب", "های", "nguyen", "al", "kitab"]


def test_scripts_and_digits() -> None:
    assert [script_of(t) for t in ("abc", "کتاب", "Война", "中国", "123", "", "کتاب و a")] == [
        "Latn",
        "Arab",
        "Cyrl",
        "Hani",
        "",
        "",
        "Arab",
    ]
    assert persian_digits("1399 و ١٢") == "۱۳۹۹ و ۱۲"
    assert latin_digits("۱۳۹۹ و ١٢") == "1399 و 12"


@given(SCRIPTS)
def test_keys_are_idempotent(text: str) -> None:
    assert exact_key(exact_key(text)) == exact_key(text)
    assert search_key(search_key(text)) == search_key(text)
    assert search_key(exact_key(text)) == search_key(text)
    assert match_key(text) == search_key(text).replace(" ", "")


@given(SCRIPTS)
def test_the_exact_and_folded_words_are_as_many(text: str) -> None:
    for part in chunks(text):
        assert len(part.exact.split(" ")) == len(part.folded.split(" "))
        assert all(part.folded.split(" "))


@given(SCRIPTS)
def test_keys_do_not_see_composition_or_controls(text: str) -> None:
    assert exact_key(unicodedata.normalize("NFC", text)) == exact_key(text) or "\u0345" in unicodedata.normalize(
        "NFD", text
    )
    assert exact_key(text.replace(" ", " \u200e")) == exact_key(text)


@given(SCRIPTS)
def test_keys_hold_only_words(text: str) -> None:
    key = search_key(text)
    assert key == " ".join(key.split())
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in key)


@given(SCRIPTS)
def test_words_lie_in_order_within_the_text(text: str) -> None:
    last = 0
    for word in words(text):
        assert last <= word.start < word.end <= len(text)
        last = word.end
