"""Codes of the catalogue as words for librarians: reasons, notes, evidence, refusals. Labels of the domains' own lists stay with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from khaneh.domains.catalogue.types import QuarantineView
from khaneh.formats.marc.problems import LABELS, Problem
from khaneh.interfaces.web import reader, refusals
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

_REASONS: Mapping[str, Callable[[], str]] = {
    "without-title": lambda: _("The record has no title"),
    "authority-without-heading": lambda: _("The authority record has no heading"),
    "holdings-record": lambda: _("A holdings record, without its bibliographic record"),
    "reading-failed": lambda: _("Reading failed by a fault of the program"),
}
# Reasons for which another encoding is the likely way out; for the others the record is read as its file is.
_OF_ENCODING = frozenset(
    {
        "encoding-unsure",
        "encoding-unlike-file",
        "garbled-text",
        "leader-encoding-wrong",
        "mixed-encodings",
        "undecodable",
    }
)
_NOTES: Mapping[str, Callable[[], str]] = {
    "barcode_taken": lambda: _("Barcodes that another copy has already"),
    "house_unknown": lambda: _("Copies whose library is not known"),
    "price_unread": lambda: _("Prices that could not be read"),
    "to_review": lambda: _("Pairs for a person to judge"),
}
_FEATURES: Mapping[str, Callable[[], str]] = {
    "title": lambda: _("Title"),
    "title-words": lambda: _("Words of the title"),
    "title-numbers": lambda: _("Numbers in the title"),
    "title-length": lambda: _("Length of the title"),
    "statement": lambda: _("Statement of responsibility"),
    "author": lambda: _("Author"),
    "year": lambda: _("Year"),
    "publisher": lambda: _("Publisher"),
    "place": lambda: _("Place of publication"),
    "imprint": lambda: _("Imprint"),
    "extent": lambda: _("Pages"),
    "height": lambda: _("Height"),
    "edition": lambda: _("Edition"),
    "part": lambda: _("Volume or part"),
    "series": lambda: _("Series"),
    "carrier": lambda: _("Carrier"),
    "form": lambda: _("Form of material"),
    "language": lambda: _("Language"),
    "isbn": lambda: _("ISBN"),
    "issn": lambda: _("ISSN"),
    "number": lambda: _("Control number"),
    "subtitle": lambda: _("Subtitle"),
    "responsibility": lambda: _("Statement of responsibility"),
}
_REFUSALS: Mapping[str, Callable[[], str]] = {
    "kernel.not_allowed": lambda: _("Your roles do not cover this."),
    "catalogue.file_unreadable": lambda: _("The file cannot be read any more. Please upload it again."),
    "catalogue.import_running": lambda: _("This very file is being imported already."),
    "catalogue.profile_invalid": lambda: _("The profile is not complete."),
    "catalogue.profile_builtin": lambda: _("A ready-made profile is not changed but copied under another name."),
    "catalogue.reason_missing": lambda: _("Please give a reason: somebody may ask later."),
    "catalogue.already_decided": lambda: _("Somebody has decided this in the meantime."),
    "catalogue.still_unreadable": lambda: _("It still cannot be read. What was found this time stands below."),
    "catalogue.cannot_merge": lambda: _(
        "These two cannot be merged: they are one already, or one of them is merged away."
    ),
    "catalogue.encoding_unknown": lambda: _("There is no such encoding."),
    "people.role_held_already": lambda: _("This person has the role here already for some of that time."),
    "people.last_administrator": lambda: _("Nobody would be left to administer this organisation."),
    "people.account_closed": lambda: _("This account is closed."),
    "network.code_taken": lambda: _("Another one has this code."),
    "network.registration_number_taken": lambda: _("Another organisation of the country has this registration number."),
    "network.tree_refused": lambda: _("It cannot be below this parent."),
    "network.state_change_refused": lambda: _("A house does not go from its present state to this one."),
    "network.houses_still_open": lambda: _("Houses inside it are still in service."),
    "network.hours_overlap": lambda: _("Two spans of the week share time."),
}
_FAILURES: Mapping[str, Callable[[], str]] = {
    "file-gone": lambda: _("The file is not where it was kept. Please upload it again."),
}
_PROFILE_FAULTS: Mapping[str, Callable[[], str]] = {
    "not a field tag": lambda: _("A tag is three letters or digits, such as 952."),
    "not subfield codes": lambda: _("Codes are small letters or digits, such as p or khijm."),
    "not a subfield code": lambda: _("Codes are small letters or digits, such as p or khijm."),
    "names no subfield": lambda: _("Name at least one subfield."),
    "not three capital letters": lambda: _("A currency is three capital letters, such as VND or IRR."),
    "not the name of a column": lambda: _("Give the column’s name as it stands in the first line of the table."),
    "named twice": lambda: _("This column stands here twice."),
    "not a meaning of a column": lambda: _("A column cannot mean this."),
    "not pairs of texts": lambda: _("Each line is the source’s word, an equals sign and a house’s code."),
}


def reason(code: str) -> str:
    """Why a record waits, in the reader's language; the code itself where it has no words yet."""
    if code in _REASONS:
        return _REASONS[code]()
    return LABELS[code].pick(reader.current().language) if code in LABELS else code


def likely_encoding(view: QuarantineView) -> str:
    """The encoding that is offered first for a quarantined record, or '' for the file's own."""
    if not _OF_ENCODING & set(view.row.reasons):
        return ""
    return next((one.encoding for one in view.tries if one.failed_at is None), "")


def note(code: str) -> str:
    """What an import kept but thought worth a look."""
    return _NOTES[code]() if code in _NOTES else code


def feature(code: str) -> str:
    """What was compared; a code is `feature` or `feature:word`."""
    name = code.partition(":")[0]
    return _FEATURES[name]() if name in _FEATURES else name


def weight(points: float) -> str:
    """Natural-log odds in words, for those who do not think in logarithms."""
    strength = abs(points)
    if strength < 0.4:
        return _("says little")
    if points > 0:
        return _("strongly for the same") if strength >= 2 else _("for the same")
    return _("strongly for different") if strength >= 2 else _("for different")


def tone(points: float) -> str:
    """The colour of a weight."""
    return "good" if points >= 0.4 else "bad" if points <= -0.4 else ""


def chance(score: float) -> str:
    """A probability in words with its figure."""
    shown = show_number(round(score * 100), reader.current().language)
    if score >= 0.9:
        return _("almost certainly the same (%(percent)s%%)") % {"percent": shown}
    if score >= 0.6:
        return _("probably the same (%(percent)s%%)") % {"percent": shown}
    return _("open (%(percent)s%%)") % {"percent": shown}


def failure(code: str) -> str:
    """Why an import stopped."""
    return _FAILURES[code]() if code in _FAILURES else code


def refusal(found: Refusal) -> str:
    """What to say beside a form when a service refuses."""
    if isinstance(found, NotFound):
        return _("There is no such thing, or it is not for you to see.")
    if isinstance(found, Invalid):
        return _("Something in it is not right.")
    code = found.code
    return _REFUSALS[code]() if code in _REFUSALS else refusals.reason(found) or code


def profile_fault(why: str) -> str:
    """What is wrong with one place of a profile."""
    return _PROFILE_FAULTS[why]() if why in _PROFILE_FAULTS else _("This is not understood.")


def grouped(found: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int]]:
    """Problems as (reason, fields and bytes in words, how often): one that stands in fourteen fields is told once."""
    places: dict[str, list[str]] = {}
    for one in found:
        places.setdefault(str(one.get("code", "")), []).append(facts(one))
    return [
        (reason(code), ", ".join(dict.fromkeys(filter(None, words)))[:300], len(words))
        for code, words in places.items()
    ]


def facts(found: Mapping[str, Any]) -> str:
    """The facts of a problem, short: where and what."""
    words: dict[str, Callable[[Any], str]] = {
        "tag": lambda value: _("field %s") % value,
        "offset": lambda value: _("at byte %s") % show_number(value, reader.current().language),
        "position": lambda value: _("at byte %s") % show_number(value, reader.current().language),
        "encoding": str,
        "fault": str,
    }
    own = found.get("facts", found)
    shown = [say(own[name]) for name, say in words.items() if own.get(name) not in (None, "")]
    return " · ".join(shown)


def facts_of(problem: Problem) -> str:
    """The same of a problem that was just found."""
    return facts(problem.facts)
