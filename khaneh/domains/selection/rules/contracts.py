"""The text of a contract: a template with words in braces, filled once and kept."""

from __future__ import annotations

import re
from collections.abc import Mapping

from khaneh.kernel.labels import LANGUAGES, Label

WORDS = ("number", "day", "house", "programme", "call", "title", "applicant", "people", "region")
LONGEST = 30_000
_WORD = re.compile(r"\{([^{}\n]*)\}")

SHIPPED = Label(
    en="""Contract {number}

{house} admits {applicant} to the programme “{programme}”, call “{call}”, with the plan “{title}”.

1. {house} provides what the call names: the place, the mentoring and the support, by milestones that both agree on.
2. {applicant} works on the plan, reports on each milestone with its evidence, and says at once when the plan changes.
3. What the team makes stays the team's. The house may show its name and the public summary.
4. Either side may end this contract with thirty days' notice, in writing and with reasons.

{day}. For the team: {people}""",
    fa="""قرارداد {number}

{house}، {applicant} را با طرح «{title}» در برنامهٔ «{programme}»، فراخوان «{call}»، می‌پذیرد.

۱. {house} آنچه را در فراخوان آمده است فراهم می‌کند: جا، راهنمایی و حمایت، بر پایهٔ گام‌هایی که دو طرف بر آن توافق می‌کنند.
۲. {applicant} طرح را پیش می‌برد، هر گام را با مدرک گزارش می‌کند و هر تغییر در طرح را بی‌درنگ خبر می‌دهد.
۳. آنچه گروه می‌سازد از آنِ گروه است. خانه می‌تواند نام و خلاصهٔ عمومی آن را نشان دهد.
۴. هر یک از دو طرف می‌تواند با سی روز مهلت، کتبی و با ذکر دلیل، به این قرارداد پایان دهد.

{day}. از سوی گروه: {people}""",
    vi="""Hợp đồng {number}

{house} tiếp nhận {applicant} vào chương trình “{programme}”, đợt tuyển “{call}”, với kế hoạch “{title}”.

1. {house} cung cấp những gì đã nêu trong đợt tuyển: chỗ làm việc, cố vấn và hỗ trợ, theo các mốc mà hai bên cùng thống nhất.
2. {applicant} thực hiện kế hoạch, báo cáo từng mốc kèm bằng chứng và báo ngay khi kế hoạch thay đổi.
3. Những gì nhóm làm ra thuộc về nhóm. Nhà có thể giới thiệu tên và phần tóm tắt công khai.
4. Mỗi bên có thể chấm dứt hợp đồng này bằng văn bản nêu rõ lý do, báo trước ba mươi ngày.

{day}. Đại diện nhóm: {people}""",
)


def unknown(text: str) -> list[str]:
    """Words in braces that cannot be filled."""
    return sorted({word for word in _WORD.findall(text) if word not in WORDS})


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its words filled. What is filled in is not looked at again, whatever braces it has."""
    return _WORD.sub(lambda found: facts.get(found[1], found[0]), text)


def wrong_languages(texts: Label) -> list[str]:
    """The languages whose text has words that cannot be filled."""
    return [language for language in LANGUAGES if unknown(getattr(texts, language))]


def long_languages(texts: Label) -> list[str]:
    """The languages whose text is too long."""
    return [language for language in LANGUAGES if len(getattr(texts, language)) > LONGEST]
