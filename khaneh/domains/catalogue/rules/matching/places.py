"""Places of publication under one name: the same city in Arabic, Persian, Vietnamese, English and its own language.

Keys are `search_key` forms. Egyptian title pages say Miṣr or Būlāq for Cairo, and catalogues copy them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from khaneh.kernel.orthography import search_key

_SAME = """
cairo: qahirah qahira kairo caire misr egypt bulaq bulak القاهره قاهره مصر بولاق فجاله
beirut: bayrut beyrouth beyrut bairut بیروت
damascus: dimashq dimishq damas sham دمشق شام
aleppo: halab alep حلب
baghdad: bagdad baghdad bagdat بغداد
najaf: نجف
alexandria: iskandariyah iskandariya alexandrie اسکندریه
jerusalem: quds قدس بیت مقدس
mecca: makkah makka مکه
medina: madinah مدینه
riyadh: riyad ریاض
kuwait: kuwayt koweit کویت
amman: عمان
khartoum: khartum خرطوم
tripoli: tarabulus طرابلس
tunis: تونس
algiers: jazair alger جزایر
rabat: ribat رباط
fez: fas fes فاس
casablanca: dar al bayda دار بیضا
morocco: maghrib maroc مغرب
istanbul: qustantiniyah qustantiniya asitanah constantinople konstantiniye istanbul stambul قسطنطینیه اسلامبول استانبول استانه
tehran: tihran teheran tahran تهران طهران
qom: qum ghom kom قم
mashhad: meshed mashad مشهد
isfahan: esfahan ispahan asfahan اصفهان
tabriz: tebriz تبریز
shiraz: شیراز
yazd: یزد
kabul: kabol کابل
delhi: dihli dilli دهلی new delhi نیو دهلی
bombay: mumbai bumbay بمبیی
lucknow: lakhnau لکهنو
calcutta: kalkata kolkata کلکته
hanoi: ha noi h
ho chi minh city: ho chi minh thanh pho ho chi minh tp ho chi minh tphcm tp hcm hcm saigon sai gon
hue: thua thien hue
da nang: danang
london: londres londra londini lundun لندن
paris: باریس پاریس
leiden: leyden lugduni batavorum laydin لیدن
leipzig: lipsiae leipsic
vienna: wien
munich: munchen
cologne: koln
geneva: geneve genf
rome: roma romae
venice: venezia venetiis
florence: firenze
naples: napoli
milan: milano
moscow: moskva москва
saint petersburg: sankt peterburg leningrad petrograd спб
prague: praha prag
warsaw: warszawa
brussels: bruxelles brussel
antwerp: antwerpen anvers
the hague: hague s gravenhage den haag
copenhagen: kobenhavn
lisbon: lisboa
new york: new york n y n y nyc newyork
washington: washington d c washington dc
cambridge: cantabrigiae
oxford: oxonii
"""
_PHRASES = ("بیت مقدس", "dar al bayda", "دار بیضا", "new delhi", "نیو دهلی", "ha noi", "ho chi minh", "thanh pho ho chi minh",
    "tp ho chi minh", "tp hcm", "sai gon", "thua thien hue", "lugduni batavorum", "sankt peterburg", "s gravenhage", "den haag",
    "new york n y", "n y", "new york", "washington d c", "washington dc")  # fmt: skip
_NONE = frozenset(
    ("s l", "sl", "s i", "n p", "place of publication not identified", "بی جا", "بیجا", "د م", "not identified")
)
_CUT = re.compile("[,،;؛:(=]|--")


# Between places; a comma also stands before a county or a state.
_BETWEEN = re.compile("[;؛:,،]|--")


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _SAME.strip().splitlines():
        name, _, others = line.partition(":")
        for phrase in _PHRASES:
            if f" {phrase} " in f" {others} ":
                found.setdefault(phrase, name)
                others = f" {others} ".replace(f" {phrase} ", " ")
        for other in others.split():
            found.setdefault(other, name)
    return found


_NAMES = _table()


@lru_cache(maxsize=20_000)
def place_key(text: str) -> str:
    """The first place in a statement of publication, under its one name; "" where it says there is none."""
    key = search_key(_CUT.split(text.strip(" [("), maxsplit=1)[0])
    if key in _NONE:
        return ""
    key = key.removeprefix("al ")
    # "بولاق مصر", "قم ایران": the first word is the place where the whole is unknown.
    return _NAMES.get(key) or _NAMES.get(key.split(" ")[0] if key else "", key)


@lru_cache(maxsize=20_000)
def places_after_first(text: str) -> tuple[str, ...]:
    """The further places of a statement, under their one names: the towns of a co-edition, and what stands after a comma."""
    if _BETWEEN.search(text) is None:
        return ()
    return tuple([key for key in map(place_key, _BETWEEN.split(text)[1:4]) if len(key) > 3])
