"""Why something is refused and what would change it, in words: what every page before a button, and after one, says alike.

What every door says alike of a refusal stands in one table (`interfaces.refusals`); what a page says with names and times stays with its
package (`wording.py`), as a table of codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from khaneh.domains.policies.types import Answer
from khaneh.interfaces import refusals
from khaneh.interfaces.web import reader
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

Facts = Mapping[str, Any]


class Why(NamedTuple):
    """Why something is refused, and what would change it; the second may be empty."""

    said: str
    remedy: str


# From a refusal's facts and the time zone of its house.
Said = Callable[[Facts, str], Why | list[Why]]


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a package says of refusals: its `own` by code, then what those below it say of theirs."""

    own: Mapping[str, Said]
    below: Reasons | None = None

    def of(self, refusal: Refusal, *, zone: str = "UTC") -> list[Why]:
        """Every reason of a refusal with what would change it. Instants are on the clocks of `zone`."""
        return self.of_code(refusal.code, refusal.facts, zone=zone)

    def of_code(self, code: str, facts: Facts, *, zone: str = "UTC") -> list[Why]:
        """The same for a refusal that a quote, or a day of a series, tells of: its code and facts."""
        if code == "policies.refused":
            return of_policies(facts)
        said = self._said(code)
        if said is None and (shared := refusals.said(code, facts)) is not None:
            return [Why(*shared)]
        if said is None:
            return [Why(_("This is not possible."), _("Please speak to the desk of the house."))]
        found = said(facts, zone)
        return found if isinstance(found, list) else [found]

    def sentence(self, refusal: Refusal, *, zone: str = "UTC") -> str:
        """All reasons in one line, each with what would change it."""
        return line(self.of(refusal, zone=zone))

    def before(self, code: str, facts: Facts, answer: Answer | None, *, zone: str) -> list[Why]:
        """Everything that stands in the way of a quote: what nobody passes over (no code where there is nothing), and what the rules refuse."""
        return [*(self.of_code(code, facts, zone=zone) if code else ()), *of_answer(answer)]

    def _said(self, code: str) -> Said | None:
        if code in self.own:
            return self.own[code]
        # What is refused everywhere each says in its own words: those of others would name their fields and acts.
        return self.below._said(code) if self.below is not None and not code.startswith("kernel.") else None


def of_policies(facts: Facts) -> list[Why]:
    """What the rules refuse (`policies.PolicyRefused`)."""
    language = reader.current().language
    return [
        Why(Label(**one["label"]).pick(language), Label(**one["remedy"]).pick(language) if one["remedy"] else "")
        for one in facts["reasons"]
    ] or [_by_rule()]


def of_answer(answer: Answer | None) -> list[Why]:
    """What the rules would refuse; nothing where they permit or were not asked."""
    if answer is None or answer.permitted:
        return []
    language = reader.current().language
    return [
        Why(one.label.pick(language), one.remedy.pick(language) if one.remedy else "") for one in answer.refusals
    ] or [_by_rule()]


def of_fields(facts: Facts, fields: Mapping[str, Callable[[], str]]) -> Why:
    """What is wrong with a form, in the words that stand beside its fields."""
    said = [fields[name]() for name in facts.get("fields", {}) if name in fields]
    return Why(" ".join(said) or _("Something in it was not understood."), "")


def line(whys: Iterable[Why]) -> str:
    """All of them in one line."""
    return " ".join(f"{why.said}{_stop(why.said)} {why.remedy}{_stop(why.remedy)}".strip() for why in whys)


def price_key(price: Money | None) -> str:
    """A price as a form keeps it, so that nobody agrees to another than the one that was shown."""
    return f"{price.amount} {price.currency}" if price is not None else ""


def other_price(remedy: str) -> Why:
    """The form was sent with another price than is asked by then."""
    return Why(_("The price is another than the one that was shown."), remedy)


def _by_rule() -> Why:
    return Why(_("The rules do not permit it."), "")


def _stop(text: str) -> str:
    return "" if not text or text[-1] in ".!?؟:" else "."
