"""Which words tell something, in Persian, Vietnamese and English, and what two texts both say. Pure.

Who compares what people and companies write shows the words that both use as evidence, and asks here which of them are worth showing: not
those that join others, and in Vietnamese not single syllables, which stand in hundreds of words. What is shown are the stretches that
both texts have, as the first of them writes them: "cảm biến độ ẩm" rather than four syllables.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from khaneh.kernel.orthography import exact_key, search_key, words

Rarity = Callable[[Collection[str]], Mapping[str, float]]
_LONGEST = 6  # words of a stretch: more of them is a sentence that was copied

# They join others, or say that something is, is done or is wanted, not what. As `exact_key` writes them: marks kept, affixes apart.
_PERSIAN = """
    از به با در بر تا را که و یا اما ولی اگر هم نیز این آن آنها اینها ایشان او ما شما من تو خود خودش خودمان چه چی چرا چگونه چون کجا کدام برای بی بدون بین میان
    درباره دربارهٔ روی زیر بالای پیش پس سپس بعد قبل هنگام وقتی زمانی جایی یک دو سه چند چندین هر همه همهٔ هیچ بعضی برخی دیگر دیگری بسیار خیلی بیشتر کمتر کم بیش
    تنها فقط حتی باز اکنون هنوز همیشه گاهی همین همان همچنین چنین چنان اینکه آنکه آنچه سه چهار پنج شش هفت هشت نه ده بیست سی چهل پنجاه شصت هفتاد هشتاد نود صد دویست سیصد هزار میلیون سال ماه روز ساعت هفته امروز فردا
    است هست نیست بود نبود باشد باشند نباشد بودن بوده هستند نیستند هستیم بودند
    شد شده شود نشود شوند شدن می نمی ها های هایی ام ات اش ای اند ایم اید تر ترین کرد کرده کند نکند کنند کنیم کنید کردن دارد ندارد دارند داریم دارم داشت داشته داشتن
    باید نباید شاید بتواند بتوانند بتوان توان تواند توانند توانیم خواهد خواهند خواهیم خواهم خواست گفت گوید دهد دهند دهیم داده دادن داد گیرد گیرند گرفتن گرفته
    آید رود رسد ماند مانند مثل طور طوری گونه جای جز طبق طی سوی سر ته ضمن علاوه نسبت مورد موارد عنوان وسیلهٔ وسیله دلیل خاطر کسی کسانی چیزی چیز یکی
    نه آری بله خوب خوبی نو جدید مناسب نیاز نیازمند نیازمندیم خواستار دنبال هستیم لازم همراه هستم شان مان تان
"""
_VIETNAMESE = """
    và hoặc hay nhưng mà thì là của cho với từ đến tới trong trên giữa bên tại ở theo qua bằng vào để do bởi vì nên nếu khi lúc mỗi mọi từng các những một vài nhiều ít
    hơn nhất rất quá lắm cũng vẫn còn đã đang sẽ sắp vừa chưa không chẳng chớ đừng phải cần muốn có được bị này kia đó đây ấy nào gì sao đâu ai tôi chúng họ nó
    như thế vậy rồi nữa chỉ cả đều hết xong luôn ngay tuy dù mặc nhờ giúp cùng lại làm hầu gồm nhằm càng bao trừ bấy khoảng
"""
# The same when they stand alone, but parts of words that say much: "đổi mới", "số hóa", "cách nhiệt", "an toàn".
_VIETNAMESE_PARTS = """
    hai ba bốn năm mới số tự người việc sự loại phần thứ cái con chiếc toàn thể hợp tốt riêng chung khác nhau lẫn dùng lấy đưa đặt gọi nói biết thấy nhìn nghĩ bạn ta
    anh chị ông bà mình cách lên xuống đi về ra ngoài dưới trước sau trở thành ngoại kể đủ đối liền dễ khó nhỏ lớn gần xa thêm tất thật đúng kiểu lần ngày tháng tuần giờ tức sáu bảy tám chín mười mươi trăm nghìn ngàn triệu nửa giảm tăng giữ mất chạy mang vá tháo lắp đồng liệu lượng độ hành nghiệm
"""
_ENGLISH = """
    a an the and or but nor so yet if then than that this these those there here what which who whom whose when where why how of to in on at by for from with
    without within into onto upon over under above below between among about across after before during until while since against toward towards through throughout
    along around behind beside besides beyond near off out up down again further once only just also too very more most less least much many few some any
    each every both either neither all none no not never ever always often sometimes already still almost rather quite really perhaps maybe however therefore otherwise
    although though because unless whether as like such same other others another own one two three several various different enough everything something nothing
    anything everybody somebody nobody i me my mine myself we us our ours ourselves you your yours he him his she her it its itself they them their theirs themselves
    be am is are was were been being do does did done doing dont doesnt didnt have has had having can cannot cant could will would wont shall should may might
    must need needs needed want wants wanted look looking looked make makes made making get gets got getting give gives gave given giving take takes took taken
    taking use uses used using let lets keep keeps kept put come comes came go goes went gone become becomes became seem know known say said see seen find found
    four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million half third quarter first second
    help helps helping thing things way ways kind number matter little long good well better best new old able per via etc eg ie today now year years month months
    week weeks day days people person yourself instead together else yes works working work
"""
_JOIN = frozenset(exact_key(f"{_PERSIAN} {_VIETNAMESE} {_ENGLISH}").split())
_SAY_NOTHING = _JOIN | frozenset(exact_key(_VIETNAMESE_PARTS).split())
# With their marks gone, for words that were folded. Of Vietnamese none is listed: `is_syllable` leaves out all of its syllables.
_FOLDED_NOTHING = frozenset(search_key(f"{_PERSIAN} {_ENGLISH}").split())
_SYLLABLE = re.compile(r"(?:ngh?|nh|tr|ch|kh|ph|th|qu|gi|[bcdghklmnrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?")
# Letters that Vietnamese alone has: a text with several of them is Vietnamese.
_VIETNAMESE_LETTERS = re.compile(r"[ăđơưắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựạảẹẻẽịỉĩọỏụủũỵỷỹ]", re.IGNORECASE)
_MARKS_OF_VIETNAMESE = 3
_STOP = re.compile(r"[^\s\u200c\-'’]")


def says_nothing(word: str) -> bool:
    """Whether a word, as `exact_key` writes it, joins others or says nothing by itself: a number, a letter, "không", "برای", "which"."""
    return len(word) < 2 or word.isdigit() or word in _SAY_NOTHING


def says_nothing_folded(word: str) -> bool:
    """The same of a word without its marks, as `search_key` writes it; every syllable of Vietnamese is then one that may mean anything."""
    return len(word) < 2 or word.isdigit() or word in _FOLDED_NOTHING or is_syllable(word)


def is_syllable(folded: str) -> bool:
    """Whether a folded word can be one syllable of Vietnamese: "trong", "cam"; and so can some short words of English."""
    return _SYLLABLE.fullmatch(folded) is not None


def is_vietnamese(text: str) -> bool:
    """Whether a text is written in Vietnamese, by the letters that no other language has."""
    return len(_VIETNAMESE_LETTERS.findall(text)) >= _MARKS_OF_VIETNAMESE


def singular(word: str) -> str:
    """An English word without the s of its plural, which other languages hardly notice."""
    if not word.isascii() or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def telling_words(text: str) -> list[str]:
    """The different words of a text that say something, in their order, marks kept, English plurals unified."""
    return list(dict.fromkeys(singular(word) for word in exact_key(text).split() if not says_nothing(word)))


def search_terms(text: str) -> list[str]:
    """What a catalogue is asked for a text: its words, of Vietnamese the pairs of syllables that stand beside one another, each once."""
    told = _told(text)
    if not is_vietnamese(text):
        return list(dict.fromkeys(text[one.start : one.end].lower() for one in told if one.tells and len(one.key) > 2))
    pairs = itertools.pairwise(told)
    return list(
        dict.fromkeys(
            f"{text[one.start : one.end]} {text[other.start : other.end]}".lower()
            for one, other in pairs
            if one.borders and other.borders and (one.tells or other.tells) and not one.last
        )
    )


class _Told(NamedTuple):
    """A word where it stands: as it is compared, whether it says anything, whether a stretch may begin or end with it, or ends here anyway."""

    start: int
    end: int
    key: str
    tells: bool
    borders: bool
    last: bool


def said_by_both(wanted: str, there: str, rarity: Rarity, *, most: int, alone: float = 0.0) -> list[str]:
    """What both texts say, as the first writes it, what tells most first: at most `most` stretches of one to six words.

    `rarity` tells of words (as `telling_words` gives them) how much each says, the more the fewer use it; a word of `wanted`'s first line,
    which names the matter, counts half as much again. A single word is shown where it says `alone` or more, a single syllable of
    Vietnamese only if it is also in that line.
    """
    mine, theirs = _told(wanted), _told(there)
    places: dict[str, list[int]] = {}
    for at, one in enumerate(theirs):
        places.setdefault(one.key, []).append(at)
    shared = {one.key for one in mine if one.tells and one.key in places}
    if not shared:
        return []
    heading = {one.key for one in _told(wanted.split("\n", 1)[0])}
    rare = {key: weight * (1.5 if key in heading else 1.0) for key, weight in rarity(shared).items()}
    vietnamese = is_vietnamese(wanted)
    weights: dict[str, float] = {}
    for run in _runs(mine, theirs, places):
        weight = sum(rare[key] for key in {one.key for one in run if one.tells})
        if len(run) == 1:
            syllable = vietnamese and is_syllable(search_key(run[0].key))
            if weight < alone or (syllable and run[0].key not in heading):
                continue
        said = wanted[run[0].start : run[-1].end]
        weights[said] = max(weight, weights.get(said, 0.0))
    found: list[str] = []
    kept: list[str] = []
    for said in sorted(weights, key=lambda said: (-weights[said], said)):
        key = f" {' '.join(map(singular, exact_key(said).split()))} "
        if len(found) < most and not any(key in other or other in key for other in kept):
            found.append(said)
            kept.append(key)
    return found


def _told(text: str) -> list[_Told]:
    found = []
    there = words(text)
    for at, word in enumerate(there):
        exact = word.chunk.exact
        tells = not says_nothing(exact)
        between = text[word.end : there[at + 1].start] if at + 1 < len(there) else ""
        found.append(
            _Told(
                start=word.start,
                end=word.end,
                key=singular(exact),
                tells=tells,
                borders=tells or (exact not in _JOIN and not exact.isdigit()),
                last=bool(_STOP.search(between)),
            )
        )
    return found


def _runs(mine: list[_Told], theirs: list[_Told], places: Mapping[str, list[int]]) -> list[list[_Told]]:
    """The longest stretches of `mine` that `theirs` has too, without what says nothing at their ends, at most _LONGEST words each."""
    found = []
    at = 0
    while at < len(mine):
        longest = 0
        for place in places.get(mine[at].key, ()):
            length = 0
            while (
                length < _LONGEST
                and at + length < len(mine)
                and place + length < len(theirs)
                and mine[at + length].key == theirs[place + length].key
                and not (length and mine[at + length - 1].last)
            ):
                length += 1
            longest = max(longest, length)
        run = mine[at : at + longest]
        while run and not run[-1].borders:
            run.pop()
        while run and not run[0].borders:
            run.pop(0)
        if any(one.tells for one in run):
            found.append(run)
        at += max(longest, 1)
    return found
