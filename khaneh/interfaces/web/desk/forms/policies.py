"""The forms of rules and questions, made from an act's facts and terms. Whether a rule fits is for policies to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.policies.types import (
    EFFECT,
    GROUPS,
    OPERATORS,
    ActType,
    Condition,
    Effect,
    FactType,
    Operator,
    Rule,
    TermType,
    TermValue,
    Value,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import policy_wording as wording
from khaneh.interfaces.web.desk.forms.widgets import choice, code, paragraph, text
from khaneh.kernel.calendars import latin_digits, parse_date, show_short_date
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

_EFFECTS: tuple[Effect, ...] = ("permit", "refuse")
_LONGEST = 1000


class RuleForm(forms.Form):
    """A rule: for each fact a condition or none, the effect, the words of a refusal, and each term or none."""

    def __init__(self, data: Mapping[str, Any] | None, *, act: ActType, rule: Rule | None) -> None:
        super().__init__(data)
        self.act = act
        self.before = rule
        conditions = {one.fact: one for one in rule.conditions} if rule else {}
        for fact in act.facts:
            self._add_fact(fact, conditions.get(fact.name))
        self._add(
            EFFECT,
            choice(
                _("Is it permitted?"),
                [("", _("this rule does not say")), ("permit", _("permitted")), ("refuse", _("refused"))],
                required=False,
            ),
            (rule.effect or "") if rule else "",
        )
        for language, own_name in reader.LANGUAGES.items():
            for name, label in (("reason", _("Reason in %s")), ("remedy", _("What would help, in %s"))):
                field = paragraph(label % own_name, longest=_LONGEST, rows=2)
                given: Label | None = getattr(rule, name) if rule else None
                self._add(f"{name}.{language}", field, getattr(given, language) if given else "")
        rights = [
            ("", _("nobody")),
            *((one, label.pick(reader.current().language)) for one, label in act.rights.items()),
        ]
        self._add(
            "right", choice(_("Who may pass over it"), rights, required=False), (rule.right or "") if rule else ""
        )
        hint = _("For machines and statistics, such as reference_only.")
        self._add("code", code(_("Short code of the refusal"), hint=hint), rule.code if rule else "")
        limits = {one.term for one in act.limits}
        for term in act.terms:
            self._add_term(term, rule, endless=term.name in limits)
        self._add("note", text(_("Remark for colleagues"), longest=_LONGEST), rule.note if rule else "")

    def groups(self) -> list[dict[str, Any]]:
        """Facts by group, each with its fields and whether anything is chosen."""
        language = reader.current().language
        return [
            {
                "label": label.pick(language),
                "facts": [
                    {
                        "label": fact.label.pick(language),
                        "kind": fact.kind,
                        "fields": [self[name] for name in self._names(fact)],
                        "chosen": any(self[name].value() for name in self._names(fact) if not name.startswith("how.")),
                        "errors": any(self[name].errors for name in self._names(fact)),
                    }
                    for fact in self.act.facts
                    if fact.group == group
                ],
            }
            for group, label in GROUPS.items()
            if any(fact.group == group for fact in self.act.facts)
        ]

    def words(self) -> list[forms.BoundField]:
        """The fields of a refusal's words."""
        names = [f"{name}.{language}" for name in ("reason", "remedy") for language in reader.LANGUAGES]
        return [self[name] for name in names]

    def terms(self) -> list[list[forms.BoundField]]:
        """The fields of each term."""
        return [
            [self[name] for name in (f"terms.{term.name}", f"currency.{term.name}", f"endless.{term.name}") if name in self.fields]
            for term in self.act.terms
        ]  # fmt: skip

    def rule(self) -> Rule:
        """The rule as typed; call after `is_valid`."""
        given = self.cleaned_data
        conditions = [found for fact in self.act.facts if (found := self._condition(fact)) is not None]
        reason, remedy = (
            Label(**{one: given[f"{name}.{one}"].strip() for one in reader.LANGUAGES}) for name in ("reason", "remedy")
        )
        terms = {term.name: self._term(term) for term in self.act.terms if self._says(term)}
        return Rule(
            id=self.before.id if self.before else 0,
            conditions=tuple(sorted(conditions)),
            effect=given[EFFECT] or None,
            terms=terms,
            reason=reason if any(reason) else None,
            code=given["code"],
            remedy=remedy if any(remedy) else None,
            right=given["right"] or None,
            note=given["note"],
        )  # fmt: skip

    def point_out(self, fields: Mapping[str, str]) -> None:
        """Put what policies found wrong beside its field."""
        for where, why in fields.items():
            kind, _dot, name = where.partition(".")
            near = {"when": [f"when.{name}", f"from.{name}"], "reason": [where, f"reason.{reader.current().language}"]}
            target = next((one for one in [*near.get(kind, []), where] if one in self.fields), None)
            self.add_error(target, wording.problem(why))

    def clean(self) -> dict[str, Any]:
        """Numbers, days and amounts as they are typed, in any digits and either calendar."""
        given = super().clean() or {}
        for name in list(given):
            kind, _dot, fact = name.partition(".")
            if kind in {"from", "to"} and given[name]:
                self._parse(name, day=self._fact(fact).kind == "date")
            elif (
                kind == "terms"
                and isinstance(given[name], str)
                and given[name]
                and self._term_type(fact).kind in {"number", "minutes"}
            ):
                self._parse(name, day=False)
            elif kind == "terms" and given[name] and self._term_type(fact).kind == "money":
                self._parse_money(name, fact)
        return given

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        self.fields[name] = field
        self.initial[name] = initial

    def _add_fact(self, fact: FactType, condition: Condition | None) -> None:
        label = fact.label.pick(reader.current().language)
        if fact.kind in {"choice", "set", "text"}:
            operators = {Operator.IN: _("is one of"), Operator.NOT_IN: _("is none of")}
            if fact.kind == "set":
                operators = {Operator.IN: _("has one of"), Operator.NOT_IN: _("has none of")}
            how = choice(
                _("How: %s") % label, [(one.value, operators[one]) for one in OPERATORS[fact.kind]], required=False
            )
            self._add(f"how.{fact.name}", how, condition.operator.value if condition else Operator.IN.value)
            values = [str(value) for value in condition.values] if condition else []
            if fact.choices is None:
                field: forms.Field = text(label, longest=4000, hint=_("Several with commas between them."))
                self._add(f"when.{fact.name}", field, ", ".join(values))
            else:
                known = wording.choices_of(fact)
                gone = [(value, value) for value in values if value not in dict(known)]
                field = forms.MultipleChoiceField(
                    label=label, choices=[*known, *gone], required=False, widget=forms.CheckboxSelectMultiple
                )
                self._add(f"when.{fact.name}", field, values)
        elif fact.kind == "flag":
            known = [("", _("does not matter")), ("yes", _("yes")), ("no", _("no"))]
            initial = ("yes" if condition.values[0] else "no") if condition else ""
            self._add(f"when.{fact.name}", choice(label, known, required=False), initial)
        else:
            low, high = _bounds(condition)
            mode = "numeric" if fact.kind == "number" else "text"
            for name, what, bound in (("from", _("%s, from"), low), ("to", _("%s, up to"), high)):
                self._add(f"{name}.{fact.name}", code(what % label, inputmode=mode), _shown(fact, bound))

    def _add_term(self, term: TermType, rule: Rule | None, *, endless: bool) -> None:
        language = reader.current().language
        label = term.label.pick(language)
        if term.unit:
            label = f"{label} ({term.unit.pick(language)})"
        says = rule is not None and term.name in rule.terms
        value = rule.terms[term.name] if rule is not None and says else None
        field: forms.Field
        initial: Any = ""
        if term.kind == "flag":
            field = choice(
                label, [("", _("this rule does not say")), ("yes", _("yes")), ("no", _("no"))], required=False
            )
            initial = ("yes" if value else "no") if says else ""
        elif term.kind == "choice":
            field = choice(label, [("", _("this rule does not say")), *wording.choices_of(term)], required=False)
            initial = value or ""
        else:
            field = code(label, inputmode="decimal" if term.kind == "money" else "numeric")
            initial = _amount(value) if isinstance(value, Money) else "" if value is None else str(value)
        self._add(f"terms.{term.name}", field, initial)
        if term.kind == "money":
            currency = value.currency if isinstance(value, Money) else ""
            self._add(f"currency.{term.name}", code(_("Currency: %s") % label, longest=12), currency)
        if endless:
            box = forms.BooleanField(label=_("no limit"), required=False)
            self._add(f"endless.{term.name}", box, says and value is None)

    def _names(self, fact: FactType) -> list[str]:
        return [
            name for name in (f"{part}.{fact.name}" for part in ("how", "when", "from", "to")) if name in self.fields
        ]

    def _fact(self, name: str) -> FactType:
        return next(fact for fact in self.act.facts if fact.name == name)

    def _term_type(self, name: str) -> TermType:
        return next(term for term in self.act.terms if term.name == name)

    def _parse(self, name: str, *, day: bool) -> None:
        typed = latin_digits(self.cleaned_data[name]).strip().replace(",", "").replace("٬", "")
        try:
            self.cleaned_data[name] = parse_date(typed).isoformat() if day else int(typed)
        except ValueError:
            self.add_error(name, wording.problem("date" if day else "number"))

    def _parse_money(self, name: str, term: str) -> None:
        typed = latin_digits(self.cleaned_data[name]).strip().replace(",", "").replace("٬", "").replace("٫", ".")
        currency = self.cleaned_data.get(f"currency.{term}", "").strip().upper()
        try:
            self.cleaned_data[name] = Money.parse(typed, currency)
        except ValueError:
            self.add_error(name, wording.problem("number"))

    def _condition(self, fact: FactType) -> Condition | None:
        given = self.cleaned_data
        values: Any = given.get(f"when.{fact.name}")
        if fact.kind in {"choice", "set", "text"}:
            if isinstance(values, str):
                values = [one.strip() for one in values.replace("،", ",").split(",") if one.strip()]
            operator = Operator(given[f"how.{fact.name}"] or Operator.IN.value)
            return Condition(fact.name, operator, tuple(sorted(values))) if values else None
        if fact.kind == "flag":
            return Condition(fact.name, Operator.IS, (values == "yes",)) if values else None
        low, high = (given.get(f"{part}.{fact.name}") for part in ("from", "to"))
        low, high = (None if bound in {"", None} else bound for bound in (low, high))
        if low is not None and high is not None:
            return Condition(fact.name, Operator.BETWEEN, (low, high))
        if low is not None:
            return Condition(fact.name, Operator.AT_LEAST, (low,))
        return Condition(fact.name, Operator.AT_MOST, (high,)) if high is not None else None

    def _says(self, term: TermType) -> bool:
        return self.cleaned_data.get(f"terms.{term.name}", "") != "" or bool(
            self.cleaned_data.get(f"endless.{term.name}")
        )

    def _term(self, term: TermType) -> TermValue:
        if self.cleaned_data.get(f"endless.{term.name}"):
            return None
        given: TermValue = self.cleaned_data[f"terms.{term.name}"]
        return given == "yes" if term.kind == "flag" else given


class AskForm(forms.Form):
    """A question: every fact may be left open."""

    def __init__(self, data: Mapping[str, Any] | None, *, act: ActType) -> None:
        super().__init__(data)
        self.act = act
        language = reader.current().language
        for fact in act.facts:
            label = fact.label.pick(language)
            field: forms.Field
            if fact.kind == "set":
                known = wording.choices_of(fact)
                field = forms.MultipleChoiceField(
                    label=label, choices=known, required=False, widget=forms.CheckboxSelectMultiple
                )
            elif fact.kind == "choice":
                field = choice(label, [("", _("not known")), *wording.choices_of(fact)], required=False)
            elif fact.kind == "flag":
                field = choice(label, [("", _("not known")), ("yes", _("yes")), ("no", _("no"))], required=False)
            else:
                unit = f" ({fact.unit.pick(language)})" if fact.unit else ""
                field = code(label + unit, longest=200, inputmode="numeric" if fact.kind == "number" else "text")
            self.fields[f"fact.{fact.name}"] = field

    def facts(self) -> dict[str, Value]:
        """What is known, by name; call after `is_valid`."""
        found: dict[str, Value] = {}
        for fact in self.act.facts:
            given: Any = self.cleaned_data.get(f"fact.{fact.name}")
            if given in ("", None, []):
                continue
            found[fact.name] = tuple(given) if fact.kind == "set" else given == "yes" if fact.kind == "flag" else given
        return found

    def clean(self) -> dict[str, Any]:
        """Numbers and days in any digits and either calendar."""
        given = super().clean() or {}
        for fact in self.act.facts:
            name = f"fact.{fact.name}"
            if fact.kind not in {"number", "date"} or not given.get(name):
                continue
            typed = latin_digits(given[name]).strip()
            try:
                given[name] = parse_date(typed).isoformat() if fact.kind == "date" else _natural(typed)
            except ValueError:
                self.add_error(name, wording.problem(fact.kind))
        return given


class PublishForm(forms.Form):
    """The note that goes with a publication, and the revision that its author saw."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        hint = _("What changes and why; it stays in the history.")
        self.fields["note"] = paragraph(_("Note"), longest=_LONGEST, required=True, hint=hint, rows=2)
        self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput)


class NewSetForm(forms.Form):
    """For which act, and where."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        acts: Iterable[ActType],
        places: Iterable[tuple[str, list[tuple[str, str]]]],
    ) -> None:
        super().__init__(data)
        language = reader.current().language
        self.fields["act"] = choice(_("Rules about"), [(act.code, act.label.pick(language)) for act in acts])
        self.fields["place"] = choice(_("They hold at"), places)


def _natural(typed: str) -> int:
    number = int(typed)
    if not 0 <= number <= 10**12:
        raise ValueError(typed)
    return number


def _bounds(condition: Condition | None) -> tuple[Any, Any]:
    if condition is None:
        return None, None
    if condition.operator is Operator.AT_MOST:
        return None, condition.values[0]
    return condition.values[0], condition.values[1] if condition.operator is Operator.BETWEEN else None


def _shown(fact: FactType, bound: Any) -> str:
    if bound is None:
        return ""
    if fact.kind == "number":
        return str(bound)
    who = reader.current()
    return show_short_date(parse_date(bound), calendar=who.calendar, language=who.language)


def _amount(value: Money) -> str:
    scale = Money.parse("1", value.currency).amount
    whole, rest = divmod(value.amount, scale)
    return f"{whole}.{str(rest).zfill(len(str(scale)) - 1)}" if scale > 1 else str(value.amount)
