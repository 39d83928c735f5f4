"""Who is near to which text by words and by meaning, in three languages, and what the job has the model read."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from khaneh.domains.profiles import queries, registry, services
from khaneh.domains.profiles.models import Meaning
from khaneh.domains.profiles.rules.fitting import fits, language_of
from khaneh.domains.profiles.types import NO_FIT, Fit, Told
from khaneh.infrastructure import meaning

SOIL = Told("سامانهٔ پایش رطوبت خاک با حسگرهای بی‌سیم برای آبیاری باغ‌های پسته", "fa")
CRAFT = Told("فروش برخط صنایع دستی و فرش دستباف روستاها با داستان هر بافنده", "fa")
FARMING = (
    Told("nông nghiệp thông minh, tưới tiêu, cảm biến, điện tử", "vi"),
    Told("smart farming, irrigation, sensors", "en"),
)
SHOPS = (Told("بازاریابی، صنایع دستی، گردشگری، فروش اینترنتی", "fa"),)


def nowhere(language: str) -> NDArray[np.float32]:
    """The middle of a language that has none."""
    return np.zeros(2, np.float32)


@pytest.mark.parametrize(
    ("wanted", "can", "words"),
    [
        ("A scanner through which people without training read", "Before that, people came through without a scanner", ("scanner",)),
        ("برای بازسازی نسخه‌های قدیمی هستیم", "بازسازی کاغذ است و برای هستیم", ("بازسازی",)),
        ("Số hóa trong trường đại học, sản xuất phương tiện", "Hóa chất của trường và phương pháp sản phẩm", ()),
        ("Đo độ ẩm đất cho ruộng lúa", "Cảm biến đo độ ẩm không khí", ("Đo độ ẩm",)),
    ],
)  # fmt: skip
def test_words_that_say_nothing_are_no_evidence(wanted: str, can: str, words: tuple[str, ...]) -> None:
    people = {1: [Told(can)], 2: [Told("Ceramics")], 3: []}
    found = fits(people, {7: Told(wanted)}, {}, nowhere)
    assert found[1, 7].words == words
    assert (found[1, 7].score > 0) == bool(words)
    assert found[2, 7] == found[3, 7] == NO_FIT


def test_the_nearest_of_ones_texts_counts_and_what_was_not_read_is_compared_by_words() -> None:
    one, far, asked = Told("red"), Told("blue"), Told("green")
    vectors = {one.digest: np.array([1, 0], np.float32), far.digest: np.array([0, 1], np.float32)}
    vectors[asked.digest] = np.array([0.6, 0.8], np.float32)
    found = fits({1: [one], 2: [one, far], 3: [Told("unread")], 4: [Told("green")]}, {7: asked}, vectors, nowhere)
    assert found[1, 7].near
    assert found[1, 7] == found[2, 7]
    assert found[3, 7] == NO_FIT
    assert found[4, 7].score == 100


@pytest.mark.parametrize(
    "said", [("irrigation", "en"), ("cảm biến độ ẩm", "vi"), ("آبیاری", "fa"), ("полив", ""), ("12", "")]
)
def test_the_language_of_words_is_seen(said: tuple[str, str]) -> None:
    assert language_of(said[0]) == said[1]


@pytest.mark.django_db
def test_people_are_found_across_languages_once_their_words_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    if not meaning.available():
        pytest.skip(meaning.why_not())
    told = [SOIL, CRAFT, *FARMING, *SHOPS]
    monkeypatch.setattr(registry, "_sources", {"tests": lambda: [*told, Told(" ")]})
    people, texts = {1: FARMING, 2: SHOPS}, {1: SOIL, 2: CRAFT}
    assert queries.fits(people, texts)[1, 1] == NO_FIT  # no word in common

    assert services.read_competence(most=1) == 1
    assert services.read_competence() == 4
    assert services.read_competence() == 0
    found = queries.fits(people, texts)
    assert found[1, 1].near
    assert found[2, 2].near
    assert found[1, 1].score > 40 > 20 > found[2, 1].score
    assert found[2, 2].score > 40 > 20 > found[1, 2].score
    assert isinstance(found[2, 2], Fit)
    assert "صنایع دستی" in found[2, 2].words

    told.remove(CRAFT)
    Meaning.objects.filter(digest=SOIL.digest).update(version="another")
    assert not queries.fits(people, texts)[1, 1].near
    assert services.read_competence() == 1
    assert set(Meaning.objects.values_list("digest", flat=True)) == {one.digest for one in told}
