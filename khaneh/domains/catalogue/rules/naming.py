"""What a work is called, of all that its editions call it: the form most of them have, the fullest of those. Pure.

Editions write a title and its maker in many ways ("Hafiz", "Ḥāfiẓ", «حافظ، شمس‌الدین محمد»), the earliest often the shortest. Forms that fold
to one key count together; of the key that most editions have, the form that most have stands, and of equals the longest. Each script is
counted by itself, so that a reader is told the name in letters that they read, where some edition has it in them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from khaneh.domains.catalogue.rules.matching.skeleton import has_arabic
from khaneh.domains.catalogue.types import Called
from khaneh.kernel.orthography import search_key

ARABIC, LATIN = "arab", "latn"  # as `types.script_read` calls them
MOST_MAKERS = 3


class Names(NamedTuple):
    """What a work is called: as most of its editions do, and by script where they are in both."""

    usual: Called
    by_script: Mapping[str, Called]


def called(document: Mapping[str, Any]) -> Called:
    """What an edition is called, from its record's document."""
    return Called(document["title"], document.get("subtitle", ""), tuple(document.get("creators", ())))


def names_of(editions: Sequence[Called]) -> Names:
    """The names of a work. `editions` in the order of their years; there is at least one. The same for the same editions, always."""
    scripts: dict[str, list[Called]] = defaultdict(list)
    for one in editions:
        scripts[ARABIC if has_arabic(one.title) else LATIN].append(one)
    by_script = {script: _called(own, editions, script) for script, own in scripts.items()}
    usual = max(scripts, key=lambda script: len(scripts[script]))
    return Names(by_script[usual], by_script if len(by_script) > 1 else {})


def _called(own: Sequence[Called], every: Sequence[Called], script: str) -> Called:
    title = _usual([one.title for one in own])
    subtitles = [one.subtitle for one in own if one.title == title]
    makers = [one.creators[:MOST_MAKERS] for one in own if one.creators]
    # An edition's makers are often in another script than its title: those in the title's own come first.
    same = [those for those in makers if has_arabic(those[0]) == (script == ARABIC)]
    other = [one.creators[:MOST_MAKERS] for one in every if one.creators]
    return Called(title, subtitles[0] if len(set(subtitles)) == 1 else "", _makers(same or makers or other))


def _makers(said: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The makers as most editions have them: their number from the usual one, each in its fullest usual form."""
    if not said:
        return ()
    first = _usual([those[0] for those in said])
    fitting = [those for those in said if _key(those[0]) == _key(first)]
    return (first, *Counter(those[1:] for those in fitting).most_common(1)[0][0])


def _usual(forms: Iterable[str]) -> str:
    """Of the key that most have, the form that most have; of equals the longest, then the earliest."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for form in forms:
        groups[_key(form)][form] += 1
    fullest = max(groups.values(), key=lambda group: group.total())
    return max(fullest, key=lambda form: (fullest[form], len(form)))


def _key(form: str) -> str:
    """The family name and the forename's first letter of an inverted name, else the folded words: initials and full names are one."""
    family, comma, given = form.replace("،", ",").partition(",")
    return f"{search_key(family)}/{search_key(given)[:1]}" if comma else search_key(form)
