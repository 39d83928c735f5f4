"""Making a form without programming: questions in their order, one of them with its words, options and bounds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.permissions import MANAGERS
from khaneh.domains.programmes.types import (
    QUESTION_KINDS,
    CallRow,
    FormRow,
    Option,
    Question,
    QuestionKind,
    ShownIf,
)
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.programmes import fields, wording
from khaneh.interfaces.web.programmes.desk import LANGUAGES, kept_call
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money, minor_digits
from khaneh.kernel.refusal import Invalid, Refusal

_SPARE, _MOST = 4, 60
_CURRENCIES = ("IRR", "VND", "USD", "EUR")
_LISTS = (QuestionKind.CHOICE, QuestionKind.CHOICES)
_MB = 1024 * 1024


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, call_id: int) -> HttpResponse:
    """The questions in their order, as applicants see them. A POST moves one, takes one out, or publishes the version."""
    actor = actor_of(request)
    row = kept_call(actor, call_id)
    found = queries.form_in_work(call_id, actor=actor)
    problems: dict[str, str] = {}
    if request.method == "POST":
        refused = _change(request, actor, row, found)
        if refused is None:
            return redirect("desk-call-form", call_id=call_id)
        problems = refused
        found = queries.form_in_work(call_id, actor=actor)
    questions = found.questions if found else ()
    language = reader.current().language
    wrong = [(key.partition("."), reason) for key, reason in problems.items()]
    context = {
        "section": "programmes",
        "row": row,
        "form": found,
        "in_work": found is not None and not found.is_published,
        "revision": found.revision if found and not found.is_published else "",
        "lines": [
            {
                "question": one,
                "kind": QUESTION_KINDS[one.kind],
                "bounds": wording.bounds(one),
                "only_if": shown["only_if"],
                "options": [option.label for option in one.options or one.columns],
                "problems": [
                    wording.wrong(reason) for (position, _dot, _name), reason in wrong if position == str(place)
                ],
            }
            for place, (one, shown) in enumerate(zip(questions, fields.drawn(questions, {}, {}, (), 0), strict=True))
        ],
        "problem": bool(problems),
        "kinds": [(one.value, label.pick(language)) for one, label in QUESTION_KINDS.items()],
        "crumbs": _crumbs(row, _("Form")),
    }
    return render(request, "programmes/form.html", context, status=422 if problems else 200)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, call_id: int) -> HttpResponse:
    """One question: a fresh one of a kind, or one that is there (`key`)."""
    actor = actor_of(request)
    row = kept_call(actor, call_id)
    found = queries.form_in_work(call_id, actor=actor)
    questions = found.questions if found else ()
    key = request.GET.get("key", "")
    before = next((one for one in questions if one.key == key), None)
    kind = before.kind if before else _kind(request.GET.get("kind", ""))
    if key and before is None:
        raise Http404
    place = questions.index(before) if before else len(questions)
    wrong: dict[str, str] = {}
    now = before or Question(f"q{_next(questions)}", kind, Label("", "", ""))
    if request.method == "POST":
        now = _posted(request.POST, now, questions[:place])
        wrong = _problems(now)
        if not wrong:
            changed = [*questions[:place], now, *questions[place + 1 :]]
            try:
                _save(request, actor, row, changed)
            except Invalid as refusal:
                wrong = refusal.facts["fields"]
            except Refusal as refusal:
                messages.error(request, " ".join(wording.why(refusal)))
                return redirect("desk-call-form", call_id=call_id)
            else:
                messages.success(request, _("The question is saved."))
                return redirect(reverse("desk-call-form", args=[call_id]) + f"#{now.key}")
    return render(
        request,
        "programmes/question.html",
        _question_context(row, found, now, questions[:place], wording.wrongs(wrong)),
        status=422 if wrong else 200,
    )


def _change(request: HttpRequest, actor: Actor, row: CallRow, found: FormRow | None) -> dict[str, str] | None:
    """What a button did: None where it is done, else what is wrong."""
    act, key = request.POST.get("act", ""), request.POST.get("key", "")
    questions = list(found.questions) if found else []
    place = next((number for number, one in enumerate(questions) if one.key == key), -1)
    try:
        if act == "publish":
            services.publish_form(actor=actor, call_id=row.id, now=timezone.now())
            messages.success(request, _("Published. New applications are written on this version."))
            return None
        if place < 0:
            raise Http404
        moved = questions.pop(place)
        if act in ("up", "down"):
            questions.insert(max(0, place + (1 if act == "down" else -1)), moved)
        elif act != "remove":
            raise Http404
        _save(request, actor, row, questions)
    except Invalid as refusal:
        fields_: dict[str, str] = refusal.facts["fields"]
        return fields_
    except Refusal as refusal:
        messages.error(request, " ".join(wording.why(refusal)))
    return None


def _save(request: HttpRequest, actor: Actor, row: CallRow, questions: list[Question]) -> None:
    typed = request.POST.get("revision", "")
    revision = lending.number_of(typed) if typed else None
    services.save_form(actor=actor, call_id=row.id, questions=questions, revision=revision, now=timezone.now())


def _posted(posted: QueryDict, before: Question, earlier: tuple[Question, ...]) -> Question:
    found = replace(
        before,
        label=_label(posted, "label"),
        hint=_label(posted, "hint"),
        required=posted.get("required") == "1",
        currency=posted.get("currency", "") if before.kind is QuestionKind.MONEY else "",
        options=_options(posted, "o") if before.kind in _LISTS else (),
        columns=_options(posted, "c") if before.kind is QuestionKind.TABLE else (),
        shown_if=_shown_if(posted, earlier),
    )
    return replace(found, least=_bound(posted, "least", found), most=_bound(posted, "most", found))


def _options(posted: QueryDict, letter: str) -> tuple[Option, ...]:
    found = []
    used = {posted.get(f"option-{number}-code", "") for number in range(_MOST + _SPARE)}
    for number in range(_MOST + _SPARE):
        label = _label(posted, f"option-{number}")
        if not any(label):
            continue
        code = posted.get(f"option-{number}-code", "")
        if not code:
            turn = next(one for one in range(1, 200) if f"{letter}{one}" not in used)
            code = f"{letter}{turn}"
            used.add(code)
        found.append(Option(code, label))
    return tuple(found)


def _shown_if(posted: QueryDict, earlier: tuple[Question, ...]) -> ShownIf | None:
    """Chosen as `key:code`, of one question."""
    chosen = [one.partition(":") for one in posted.getlist("shown_if") if ":" in one]
    if not chosen:
        return None
    key = chosen[0][0]
    return ShownIf(key, tuple(code for other, _colon, code in chosen if other == key)) if earlier else None


def _bound(posted: QueryDict, name: str, of: Question) -> int | None:
    typed = re.sub(r"[\s,٬]", "", latin_digits(posted.get(name, "")))
    if not typed:
        return None
    if of.kind is QuestionKind.MONEY and of.currency:
        try:
            return Money.parse(typed, of.currency).amount
        except ValueError:
            return -1
    number = int(typed) if typed.isdecimal() and len(typed) < 16 else -1
    return number * _MB if of.kind is QuestionKind.FILE else number


def _problems(of: Question) -> dict[str, str]:
    """What a person sees at once; the whole form is judged when it is published."""
    found: dict[str, str] = {}
    if not any(of.label):
        found["label"] = "required"
    if of.kind in _LISTS and len(of.options) < 2:
        found["options"] = "required"
    if of.kind is QuestionKind.TABLE and not of.columns:
        found["options"] = "required"
    if of.kind is QuestionKind.MONEY and of.currency not in _CURRENCIES:
        found["currency"] = "required"
    if -1 in (of.least, of.most) or (of.least is not None and of.most is not None and of.least > of.most):
        found["bounds"] = "out_of_range"
    return found


def _question_context(
    row: CallRow, found: FormRow | None, of: Question, earlier: tuple[Question, ...], wrong: dict[str, str]
) -> dict[str, Any]:
    language = reader.current().language
    words = {"fa": _("in Persian"), "vi": _("in Vietnamese"), "en": _("in English")}
    order = [language, *(one for one in LANGUAGES if one != language)]
    listed = of.options or of.columns
    empty = Option("", Label("", "", ""))
    chosen = {(of.shown_if.key, code) for code in of.shown_if.codes} if of.shown_if else set()
    conditions = [
        (f"{one.key}:{code}", one.label.pick(language), said, (one.key, code) in chosen)
        for one in earlier
        for code, said in _codes(one, language)
    ]
    return {
        "section": "programmes",
        "row": row,
        "question": of,
        "kind": QUESTION_KINDS[of.kind],
        "revision": found.revision if found and not found.is_published else "",
        "spoken": [
            {"code": one, "said": words[one], "label": getattr(of.label, one), "hint": getattr(of.hint, one)}
            for one in order
        ],
        "languages": [(one, words[one]) for one in order],
        "has_options": of.kind in _LISTS,
        "has_columns": of.kind is QuestionKind.TABLE,
        "has_currency": of.kind is QuestionKind.MONEY,
        "has_least": of.kind not in (QuestionKind.CHOICE, QuestionKind.DATE, QuestionKind.FILE, QuestionKind.YES_NO),
        "has_most": of.kind not in (QuestionKind.CHOICE, QuestionKind.DATE, QuestionKind.YES_NO),
        "is_file": of.kind is QuestionKind.FILE,
        "least": _shown(of, of.least),
        "most": _shown(of, of.most),
        "currencies": _CURRENCIES,
        "options": [
            (number, one.code, [(code, getattr(one.label, code)) for code in order])
            for number, one in enumerate([*listed, *[empty] * _SPARE])
        ],
        "conditions": conditions,
        "wrong": wrong,
        "crumbs": _crumbs(row, of.label.pick(language) or _("New question")),
    }


def _codes(one: Question, language: str) -> list[tuple[str, str]]:
    if one.kind is QuestionKind.YES_NO:
        return [(code, wording.yes_no(code)) for code in ("yes", "no")]
    return [(option.code, option.label.pick(language)) for option in one.options] if one.kind in _LISTS else []


def _shown(of: Question, number: int | None) -> str:
    if number is None or number < 0:
        return ""
    if of.kind is QuestionKind.MONEY and of.currency:
        digits = minor_digits(of.currency)
        return f"{number / 10**digits:.{digits}f}"
    return str(number // _MB if of.kind is QuestionKind.FILE else number)


def _label(posted: QueryDict, name: str) -> Label:
    return Label(**{one: posted.get(f"{name}_{one}", "").strip() for one in LANGUAGES})


def _kind(text: str) -> QuestionKind:
    return QuestionKind(text) if text in list(QuestionKind) else QuestionKind.TEXT


def _next(questions: tuple[Question, ...]) -> int:
    used = {one.key for one in questions}
    return next(number for number in range(1, 1000) if f"q{number}" not in used)


def _crumbs(row: CallRow, last: str) -> list[tuple[str, str]]:
    return [
        (_("Desk"), reverse("desk")),
        (_("Programmes"), f"{reverse('desk-programmes')}?house={row.house.code}"),
        (row.names.pick(reader.current().language), reverse("desk-call", args=[row.id])),
        (last, ""),
    ]
