"""The guesser: right, or silent."""

from __future__ import annotations

import pytest

from khaneh.formats.marc.encodings import EncodeError, decode, encode
from khaneh.formats.marc.encodings.guess import decide
from khaneh.formats.marc.encodings.plausibility import is_vietnamese, plausibility

PERSIAN = "تاریخ ادبیات در ایران از آغاز قرن هفتم تا پایان قرن هشتم هجری، تالیف ذبیح الله صفا، انتشارات فردوس"
ARABIC = "تاريخ الادب العربي في العصر الجاهلي والاسلامي وما بعده، تاليف شوقي ضيف، دار المعارف بمصر"
VIETNAMESE = "Lịch sử văn học Việt Nam từ thế kỷ thứ mười đến giữa thế kỷ mười tám, nhà xuất bản giáo dục"
RUSSIAN = "История русской литературы девятнадцатого века в трех томах, издательство Наука, Москва"
FRENCH = (
    "Histoire générale des bibliothèques françaises, deuxième édition revue et augmentée, Présidence à l'université"
)
GERMAN = "Geschichte der Städte und Höfe in Süddeutschland während der Völkerwanderung, für Anfänger erklärt"

SAMPLES = [
    *((name, VIETNAMESE) for name in ("tcvn3", "vni", "windows-1258", "viscii", "vps")),
    *((name, PERSIAN) for name in ("iran-system", "iran-system-logical", "isiri-3342")),
    *((name, ARABIC) for name in ("windows-1256", "iso-8859-6")),
    *((name, RUSSIAN) for name in ("windows-1251", "cp866", "koi8-r")),
    *((name, text) for name in ("windows-1252", "marc-8") for text in (FRENCH, GERMAN)),
]


@pytest.mark.parametrize(("name", "text"), SAMPLES)
def test_a_line_of_prose_is_recognised(name: str, text: str) -> None:
    found, ranking = decide([encode(text, name)])
    assert found is not None, ranking[:3]
    assert decode(encode(text, name), found) == text


@pytest.mark.parametrize(("name", "text"), SAMPLES)
def test_shorter_texts_are_recognised_or_left_undecided(name: str, text: str) -> None:
    words = text.split()
    for size in (1, 2, 3, 5):
        for start in range(len(words) - size):
            piece = " ".join(words[start : start + size])
            data = encode(piece, name)
            if data.isascii():
                continue
            found, _ = decide([data])
            if found is not None and size > 2:
                assert decode(data, found) == piece, (found, piece)


def test_escape_sequences_are_marc8_or_nothing() -> None:
    assert decide([b"\x1b(3gdHdE\x1b(B"])[0] in ("marc-8", None)
    assert decide([b"caf\xe9 \x1b(Z"])[0] is None


def test_subfield_codes_are_not_part_of_words() -> None:
    assert decide([b"10\x1fa" + encode(RUSSIAN, "cp866")])[0] == "cp866"


def test_noise_is_not_a_language() -> None:
    noise = bytes((index * 73 + 41) % 128 + 128 for index in range(90))
    assert decide([noise])[0] is None


def test_syllables() -> None:
    assert all(map(is_vietnamese, ["Nghiên", "cứu", "đường", "nước", "Việt", "quyển", "giữa", "khuya", "thuở", "oách"]))
    assert not any(map(is_vietnamese, ["straße", "Kölnisch", "éé", "cac\u0300", "bac\u0300h", "ngheo\u0301\u0300"]))


def test_words_score_above_what_a_wrong_table_makes_of_them() -> None:
    for name, text in SAMPLES:
        right = plausibility(text).score
        for other in ("windows-1252", "windows-1256", "cp866", "viscii"):
            try:
                wrong = decode(encode(text, name), other)
            except ValueError:
                continue
            if wrong != text:
                assert plausibility(wrong).score < right, (name, other)


def test_what_an_encoding_cannot_hold_is_refused() -> None:
    with pytest.raises(EncodeError) as caught:
        encode("ab中", "windows-1256")
    assert caught.value.position == 2
