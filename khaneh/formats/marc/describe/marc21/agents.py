"""People, bodies and meetings, and the works that their fields name."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.marc21.reading import Readers
from khaneh.formats.marc.describe.punctuation import clean, text_of
from khaneh.formats.marc.describe.roles import code_of, direct_names, standard_number
from khaneh.formats.marc.description import Agent, Link, NameTitle
from khaneh.formats.marc.types import Field

READERS = Readers()


@READERS.of("100", "110", "111", "700", "710", "711", "720")
def _agent(draft: Draft, field: Field, twin: Field | None) -> None:
    said = _agents(field) if twin is None else _agents_of(field, twin)
    draft.agents += said.agents
    draft.other_numbers += said.numbers
    draft.links += said.links
    draft.name_titles += said.works


class _Said(NamedTuple):
    """What one field of a name says."""

    agents: tuple[Agent, ...] = ()
    numbers: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    works: tuple[NameTitle, ...] = ()


@lru_cache(maxsize=8192)
def _agents(field: Field) -> _Said:
    return _agents_of(field, None)


def _agents_of(field: Field, twin: Field | None) -> _Said:
    tag = field.tag
    kind = "person" if tag[1:] in ("00", "20") else "body" if tag[1:] == "10" else "meeting"
    codes = "abcq" if kind == "person" else "abcdn" if kind == "body" else "acdenq"
    name = text_of(field, twin, codes)
    if not name.value:
        return _Said()
    role = dates = authority = ""
    title = False
    for code, value in field.subfields:
        if code == "4":
            role = role or code_of(value)
        elif code == "d":
            dates = clean(value)
        elif code == "0":
            authority = authority or value.strip()
        elif code == "t":
            title = True
    if not role and kind != "meeting":
        for value in field.all("e"):
            role = code_of(value)
            if role:
                break
    default = "creator" if tag[0] == "1" else "contributor"
    links: tuple[Link, ...] = ()
    works: tuple[NameTitle, ...] = ()
    if title:
        work = text_of(field, twin, "tnpmr")
        links = (Link("related", f"{name.value}. {work.value}", clean(field.first("wxz"))),)
        works = (NameTitle("contains", name, work),)
    if (kind == "person" and field.ind1 not in "013") or tag == "720":
        number = standard_number(name.value)
        if number:
            return _Said((), (number,), links, works)
        people = [Agent(person, "", "person", found or role or default) for person, found in direct_names(name.value)]
        return _Said(tuple(people), (), links, works)
    agent = Agent(name.value, name.romanised, kind, role or default, dates if kind == "person" else "", authority)
    return _Said((agent,), (), links, works)
