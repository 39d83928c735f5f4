"""What speaks for a mentor: words that say something, in each language."""

from __future__ import annotations

import pytest

from khaneh.domains.residencies.rules.fitting import Can, fits


@pytest.mark.parametrize(
    ("wanted", "can", "words"),
    [
        ("A scanner through which people without training read", "Before that, people came through without a scanner", ("scanner",)),
        ("برای بازسازی نسخه‌های قدیمی هستیم", "بازسازی کاغذ است و برای هستیم", ("بازسازی",)),
        ("Số hóa trong trường đại học, nghiệp vụ phương tiện", "Nghiên cứu nghiệp vụ, trường và phương pháp", ()),
        ("Chuyển giao metadata", "Quản trị metadata và chuyển đổi", ("metadata",)),
    ],
)  # fmt: skip
def test_words_that_say_nothing_are_no_evidence(wanted: str, can: str, words: tuple[str, ...]) -> None:
    found = fits([wanted], (), {1: Can((can,), ()), 2: Can(("Ceramics",), ())})
    assert found[1].words == words
    assert (found[1].score > 0) == bool(words)
    assert found[2].score == 0
