"""Which records are editions of one work: keys that editions share, across languages where a record says so. Pure.

Two records belong to one work when they share a key. A key is a folded author and a folded title, so a translation joins its original
through the uniform title (MARC21 240, 130; UNIMARC 500), the original's title (765, 454), a translation's title (767, 453), or a
name-title entry for the whole book; editions in one language join through author and title proper. Nothing is guessed: a translation
whose record names no original stays a work of its own until a person or an authority joins them.

Titles without an author make a key only when they are long enough to be no one else's ("Proceedings" is not), and collective titles
("Works", "Letters") never do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from khaneh.domains.catalogue.rules.matching.skeleton import ARABIC_SCRIPT_LANGUAGES, has_arabic, skeleton
from khaneh.formats.marc.description import Description, Text
from khaneh.kernel.orthography import ARTICLES, search_key

# Roles whose holder the work is named by; a translator, editor or illustrator is not one.
_MAKERS = frozenset(("creator", "aut", "cre", "cmp", "art", "drt", "dub", "ant"))
_NOT_MAKERS = frozenset(
    ("trl", "edt", "ill", "win", "wpr", "aui", "aft", "com", "pbl", "prt", "nrt", "crr", "ann", "cmm", "pfr", "bkd")
)
# Collective uniform titles (RDA 6.2.2.10) and their like in the languages of the catalogues, folded.
_COLLECTIVE = frozenset(
    search_key(title)
    for title in (
        "Works", "Selections", "Works. Selections", "Novels", "Short stories", "Stories", "Poems", "Poetry", "Plays", "Essays", "Letters",
        "Correspondence", "Speeches", "Prose works", "Collected works", "Selected works", "Complete works", "Diaries", "Correspondence. Selections",
        "Short stories. Selections", "Essays. Selections", "Gesammelte Werke", "Werke", "Sämtliche Werke", "Ausgewählte Werke", "Briefe",
        "Erzählungen", "Tagebücher", "Essays", "Reden", "Romane", "Œuvres", "Œuvres complètes", "دیوان", "کلیات", "مجموعه آثار",
        "المؤلفات الكاملة", "آثار", "نامه‌ها", "Toàn tập", "Tuyển tập", "Thơ", "Truyện ngắn", "Laws, etc", "Treaties, etc",
    )
)  # fmt: skip
_SHORTEST_ALONE = 4  # words of a title that may stand without an author


def work_keys(description: Description) -> tuple[str, ...]:
    """The keys of the work a record is an edition of, most telling first; empty where it says too little.

    "author/title" or "title" keys are the work's own; the same author and title give the same key in Arabic script and romanised.
    """
    arabic = _arabic(description)
    titles: list[tuple[Text, Text | None]] = []
    if description.uniform_title.value:
        titles.append((description.uniform_title, None))
    for relation, name, title in description.name_titles:
        if relation in ("original", "translation"):
            titles.append((title, name if name.value else None))
        elif relation == "contains" and _is_whole(description, title):
            titles.append((title, name))
    titles.append((description.title, None))
    keys: list[str] = []
    for title, named in titles:
        key = search_key(title.value)
        if not key or key in _COLLECTIVE:
            continue
        # In an Arabic-script catalogue a Latin title is a romanisation or a foreign original: it may meet either.
        foreign = arabic and not has_arabic(title.value)
        for script in (True, False) if foreign else (arabic,):
            authors = [_author(named.value, script)] if named else _makers(description, script)
            folded = _title(title, key, script)
            if not folded:
                continue
            if authors:
                keys.extend(f"{author}/{folded}" for author in authors[:2] if author)
            elif folded.count(" ") + 1 >= _SHORTEST_ALONE or (
                title is description.uniform_title and not description.agents
            ):
                keys.append(f"/{folded}")
    return tuple(dict.fromkeys(keys))


class Edition(NamedTuple):
    """A record within a work: its keys, and whether a person put it there."""

    record: int
    keys: set[int]
    is_manual: bool


def held_together(editions: Iterable[Edition]) -> list[list[Edition]]:
    """The editions in groups that share keys, directly or through others. Those that a person put into the work are one group."""
    groups: list[tuple[set[int], list[Edition], bool]] = []
    for edition in editions:
        keys, members, manual = set(edition.keys), [edition], edition.is_manual
        others = []
        for group in groups:
            if (manual and group[2]) or not keys.isdisjoint(group[0]):
                keys |= group[0]
                members = group[1] + members
                manual = manual or group[2]
            else:
                others.append(group)
        groups = [*others, (keys, members, manual)]
    return [sorted(members) for _, members, _ in groups]


def _makers(description: Description, arabic: bool) -> list[str]:
    agents = description.agents
    if not agents:
        return []
    makers = [agent for agent in agents if agent.role in _MAKERS]
    if not makers and agents[0].role not in _NOT_MAKERS and agents[0].kind == "person":
        makers = [agents[0]]
    return list(dict.fromkeys([_author(agent.name, arabic) for agent in makers]))


def _arabic(description: Description) -> bool:
    language = description.languages[0] if description.languages else ""
    return language in ARABIC_SCRIPT_LANGUAGES or has_arabic(description.title.value)


@lru_cache(maxsize=20_000)
def _author(name: str, arabic: bool) -> str:
    """Family name and first letter of the forename: enough beside a title, and blind to "W. R." for "Walter Robert"."""
    family, comma, given = name.replace("،", ",").partition(",")
    if not comma:
        words = search_key(name).split()
        family, given = (words[-1], words[0]) if len(words) > 1 else (search_key(name), "")
    if arabic:
        return skeleton(search_key(family))
    return f"{search_key(family)} {search_key(given)[:1]}".strip()


def _title(title: Text, key: str, arabic: bool) -> str:
    if " : " in title.value or " = " in title.value:
        # A title may carry its subtitle after a colon, and another language after an equals sign.
        key = search_key(title.value.split(" : ")[0].split(" = ")[0])
    head, _, tail = key.partition(" ")
    if tail and head in ARTICLES:
        key = tail
    return skeleton(key) if arabic else key


def _is_translation(description: Description) -> bool:
    if description.original_languages:
        return True
    return any(agent.role == "trl" for agent in description.agents)


def _is_whole(description: Description, title: Text) -> bool:
    """A translation's only name-title entry names its original when there is no uniform title."""
    entries = [one for one in description.name_titles if one.relation == "contains"]
    return (
        len(entries) == 1 and not description.uniform_title.value and _is_translation(description) and bool(title.value)
    )
