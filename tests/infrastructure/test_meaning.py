"""What texts mean as vectors: near across languages, the mean of their sentences, and none where the machine cannot."""

from __future__ import annotations

import numpy as np
import pytest

from khaneh.infrastructure import meaning

needs_model = pytest.mark.skipif(not meaning.available(), reason="no model of meaning on this machine")


@needs_model
def test_texts_of_one_meaning_are_near_whatever_their_language() -> None:
    found = meaning.vectors(
        ["Laser cutting of wood", "برش لیزری چوب", "Cắt gỗ bằng laser", "Bookkeeping software", "نرم‌افزار حسابداری"]
    )
    assert found is not None
    near = found @ found.T
    assert near[0, 1] > near[0, 3]
    assert near[1, 2] > near[1, 3]
    assert near[3, 4] > near[1, 4]


@needs_model
def test_rows_have_length_one_whatever_is_given() -> None:
    found = meaning.vectors(["", " ", "a\0b", "x" * 50_000, "One sentence that is long enough. Another one that is."])
    assert found is not None
    assert found.shape == (5, meaning.DIMENSIONS)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-4)
    nothing = meaning.vectors([])
    assert nothing is not None
    assert nothing.shape == (0, meaning.DIMENSIONS)


def test_pieces_are_whole_sentences_of_every_script_up_to_forty_words() -> None:
    persian = "کتابخانه به دستگاهی ارزان‌تر از این نیاز دارد؛"
    long = "The reading room of the town " * 5 + "needs it!"
    assert meaning.pieces(f"Yes. {long} {persian} {long} {persian}") == [f"Yes. {long}", f"{persian} {long}", persian]
    assert meaning.pieces("One. Two.\nThree") == ["One. Two. Three"]
    assert meaning.pieces("") == [""]
    assert meaning.pieces("word " * 100) == [("word " * 100).strip()]


def test_a_processor_that_the_model_was_not_made_for_is_told_and_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "_processor_flags", lambda: {"sse2"})
    meaning.forget()
    try:
        assert "avx2" in meaning.why_not()
        assert meaning.vectors(["a"]) is None
    finally:
        meaning.forget()
