"""The questions of a call's form, as values that are stored and drawn. Frozen; no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from khaneh.domains.programmes.types.lists import QuestionKind
from khaneh.kernel.labels import Label

_NOTHING = Label("", "", "")


class Option(NamedTuple):
    """One of a list to choose from."""

    code: str
    label: Label

    def to_dict(self) -> dict[str, Any]:
        """The stored form."""
        return {"code": self.code, "label": self.label.to_dict()}


class ShownIf(NamedTuple):
    """A question is asked only where another one before it was answered with one of these codes (`yes`, `no` for a yes-or-no)."""

    key: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `least` and `most` bound a text's characters, a number, an amount in the smallest coin, choices, rows of a table, or
    a document's bytes (`most` alone); None bounds nothing beyond what holds for all. `options` of a choice; `columns` of a table.
    """

    key: str
    kind: QuestionKind
    label: Label
    hint: Label = _NOTHING
    required: bool = False
    least: int | None = None
    most: int | None = None
    currency: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[Option, ...] = ()
    shown_if: ShownIf | None = None

    def to_dict(self) -> dict[str, Any]:
        """The stored form; what is empty is left out."""
        found: dict[str, Any] = {"key": self.key, "kind": self.kind.value, "label": self.label.to_dict()}
        if any(self.hint):
            found["hint"] = self.hint.to_dict()
        if self.required:
            found["required"] = True
        for name in ("least", "most"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        if self.currency:
            found["currency"] = self.currency
        if self.options:
            found["options"] = [one.to_dict() for one in self.options]
        if self.columns:
            found["columns"] = [one.to_dict() for one in self.columns]
        if self.shown_if is not None:
            found["shown_if"] = {"key": self.shown_if.key, "codes": list(self.shown_if.codes)}
        return found

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """From the stored form."""
        shown = stored.get("shown_if")
        return cls(
            key=stored["key"],
            kind=QuestionKind(stored["kind"]),
            label=Label.from_dict(stored["label"]),
            hint=Label.from_dict(stored.get("hint", {})),
            required=stored.get("required", False),
            least=stored.get("least"),
            most=stored.get("most"),
            currency=stored.get("currency", ""),
            options=_options(stored.get("options", ())),
            columns=_options(stored.get("columns", ())),
            shown_if=ShownIf(shown["key"], tuple(shown["codes"])) if shown else None,
        )


@dataclass(frozen=True, slots=True)
class FormRow:
    """One version of a call's form. `number` counts from 1; `is_published` ones are for ever as they are."""

    id: int
    call_id: int
    number: int
    revision: int
    is_published: bool
    questions: tuple[Question, ...] = field(default_factory=tuple)

    def question(self, key: str) -> Question | None:
        """A question by its key."""
        return next((one for one in self.questions if one.key == key), None)


def _options(stored: Any) -> tuple[Option, ...]:
    return tuple(Option(one["code"], Label.from_dict(one["label"])) for one in stored)
