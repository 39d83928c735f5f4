"""The forms of courses and runs at the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.learning.types import COURSE_KINDS, CourseDraft, CourseKind, CourseRow, MeetingDraft, RunDraft
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people import queries as people
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces.types import SpaceRow
from khaneh.interfaces.web import phrases, reader
from khaneh.interfaces.web.desk.circulation_words import amount, plain
from khaneh.interfaces.web.desk.forms.space_times import Timed, instant, is_skipped, space_choices
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled, paragraph, text
from khaneh.kernel.labels import LANGUAGES, Label

_MEETINGS, _MOST_MEETINGS = 4, 60


class Group(NamedTuple):
    """The fields of one meeting."""

    fields: tuple[forms.BoundField, ...]


class CourseForm(Timed):
    """Everything that a course is but its state and its runs."""

    def __init__(self, data: Mapping[str, Any] | None, *, house: HouseFacts, row: CourseRow | None) -> None:
        super().__init__(data, initial=_initial(row))
        self._house, self._row = house, row
        self._currency = row.price.currency if row is not None and row.price else house.currency
        for other, own_name in reader.LANGUAGES.items():
            self.fields[f"names_{other}"] = text(_("Name in %s") % own_name, longest=300, lang=other)
            self.fields[f"descriptions_{other}"] = paragraph(
                _("What one learns, in %s") % own_name, longest=20_000, rows=4
            )
            self.fields[f"descriptions_{other}"].widget.attrs["lang"] = other
        if row is None:
            self.fields["code"] = code(
                _("Code"), longest=60, required=True, hint=_("Short and lasting: it stands in the address.")
            )
        self.fields["kind"] = choice(_("Kind"), labelled((one.value, label) for one, label in COURSE_KINDS.items()))
        self.fields["hours"] = code(_("Hours in all"), longest=6, inputmode="numeric")
        self.fields["attendance"] = code(
            _("Least share of the meetings, in per cent"), longest=3, inputmode="numeric", hint=_("To complete it.")
        )
        self.fields["pass_mark"] = code(
            _("Least score of the assessment"), longest=3, inputmode="numeric", hint=_("Empty: there is none.")
        )
        self.fields["price"] = code(
            _("Price for each person (%s)") % self._currency, longest=20, inputmode="decimal",
            hint=_("Empty: free of charge."),
        )  # fmt: skip
        self.fields["approval"] = forms.BooleanField(label=_("The house answers every enrolment"), required=False)
        offered = labelled((one.code, one.names) for one in qualifications.qualifications())
        for name, label in (("requires", _("What one needs before")), ("awards", _("What it opens"))):
            self.fields[name] = forms.MultipleChoiceField(
                label=label, required=False, choices=offered, widget=forms.CheckboxSelectMultiple
            )

    def draft(self) -> CourseDraft | None:
        """The course as the form would have it; None where something was not understood, which then stands beside its field."""
        given = self.cleaned_data
        price = None
        if given.get("price"):
            try:
                price = amount(given["price"], self._currency)
            except ValueError:
                self.add_error("price", _("This is not an amount."))
        hours = self.number_of("hours", otherwise=0 if not given.get("hours") else None)
        attendance = self.number_of("attendance", otherwise=80 if not given.get("attendance") else None)
        mark = self.number_of("pass_mark") if given.get("pass_mark") else None
        if self.errors or hours is None or attendance is None:
            return None
        row = self._row
        return CourseDraft(
            code=row.code if row is not None else given["code"].strip(),
            kind=CourseKind(given["kind"]),
            names=self._label("names"),
            house_code=row.house.code if row is not None and row.house is not None else "" if row is not None else self._house.code,
            organisation_code=row.organisation.code if row is not None and row.organisation is not None else "",
            descriptions=self._label("descriptions"),
            hours=hours,
            requires=tuple(given["requires"]),
            awards=tuple(given["awards"]),
            pass_mark=mark,
            attendance=attendance,
            price=price,
            approval=given["approval"],
        )  # fmt: skip

    def refuse(self, problems: Mapping[str, Any]) -> None:
        """Put what a service found wrong beside its field."""
        beside = {"names": "names_fa", "descriptions": "descriptions_fa"}
        for name in problems:
            field = beside.get(name, name)
            self.add_error(field if field in self.fields else None, _("This cannot be. Please correct it."))

    def _label(self, name: str) -> Label:
        return Label(**{one: self.cleaned_data[f"{name}_{one}"].strip() for one in LANGUAGES})


class RunForm(Timed):
    """A run: seats, teachers, until when one may enrol, and its meetings with their rooms."""

    def __init__(self, data: Mapping[str, Any] | None, *, house: HouseFacts, spaces: Sequence[SpaceRow]) -> None:
        super().__init__(data, initial={"capacity": "12", "least": "1"})
        self._house = house
        self.fields["capacity"] = code(_("Seats"), longest=6, required=True, inputmode="numeric")
        self.fields["least"] = code(
            _("Worth while from"), longest=6, inputmode="numeric", hint=_("So many people at least.")
        )
        self.fields["teachers"] = paragraph(
            _("Teachers"), longest=4000, rows=2, hint=_("The e-mail address of each account, one a line.")
        )
        self._day("until_day", _("Enrolling until the day"), required=False, hint=_("Empty: until it begins."))
        self.fields["online"] = code(_("Link for those who come online"), longest=2000, inputmode="url")
        for other, own_name in reader.LANGUAGES.items():
            self.fields[f"notes_{other}"] = text(
                _("Words for those who come, in %s") % own_name, longest=2000, lang=other
            )
        typed = 0
        if self.is_bound:
            while typed < _MOST_MEETINGS and f"meeting_{typed}_day" in self.data:
                typed += 1
        self._count = min(max(_MEETINGS, typed), _MOST_MEETINGS)
        rooms = [("", _("no room of the house")), *space_choices(spaces)]
        for number in range(self._count):
            name = f"meeting_{number}_"
            said = {"number": phrases.number(number + 1)}
            self._day(f"{name}day", _("Meeting %(number)s: day") % said, required=number == 0)
            self._clock(f"{name}from", _("From"), required=number == 0)
            self._clock(f"{name}until", _("Until"), required=number == 0)
            self.fields[f"{name}space"] = choice(_("Room"), rooms, required=False)

    @property
    def meetings(self) -> list[Group]:
        """The rows of meetings."""
        names = ("day", "from", "until", "space")
        return [Group(tuple(self[f"meeting_{number}_{name}"] for name in names)) for number in range(self._count)]

    def draft(self, course_code: str) -> RunDraft | None:
        """The run as the form would have it; None where something was not understood, which then stands beside its field."""
        capacity = self.number_of("capacity")
        least = self.number_of("least", otherwise=1 if not self.cleaned_data.get("least") else None)
        zone = self._house.calendar.zone
        until = self.day_of("until_day")
        meetings = [one for one in (self._meeting(number, zone) for number in range(self._count)) if one is not None]
        teachers = self._teachers()
        if self.errors or capacity is None or least is None:
            return None
        return RunDraft(
            course_code=course_code, house_code=self._house.code, capacity=capacity, least=least, meetings=tuple(meetings),
            teachers=teachers, enrol_until=instant(until, 24 * 60, zone) if until is not None else None,
            online=self.cleaned_data["online"].strip(),
            notes=Label(**{one: self.cleaned_data[f"notes_{one}"].strip() for one in LANGUAGES}),
        )  # fmt: skip

    def _meeting(self, number: int, zone: str) -> MeetingDraft | None:
        name = f"meeting_{number}_"
        if not any(self.cleaned_data.get(f"{name}{part}") for part in ("day", "from", "until")):
            return None
        day = self.day_of(f"{name}day")
        begins, ends = self.minute_of(f"{name}from"), self.minute_of(f"{name}until")
        if day is None or begins is None or ends is None:
            if not self.errors:
                self.add_error(f"{name}day", _("A meeting has a day, a beginning and an end."))
            return None
        if is_skipped(day, begins, zone):
            self.add_error(f"{name}from", _("The clocks skip this time on that day."))
            return None
        space = self.cleaned_data.get(f"{name}space")
        # Past midnight is the next day's.
        length = ends - begins if ends > begins else ends - begins + 24 * 60
        return MeetingDraft(
            instant(day, begins, zone), instant(day, begins + length, zone), (int(space),) if space else ()
        )

    def _teachers(self) -> tuple[int, ...]:
        found = []
        for line in self.cleaned_data["teachers"].splitlines():
            if not line.strip():
                continue
            account = people.account_by_email(line.strip())
            if account is None:
                self.add_error("teachers", _("There is no account with the address %s.") % line.strip()[:200])
            else:
                found.append(account.id)
        return tuple(dict.fromkeys(found))


def _initial(row: CourseRow | None) -> dict[str, Any]:
    if row is None:
        return {"kind": CourseKind.COURSE.value, "attendance": "80"}
    found: dict[str, Any] = {
        "kind": row.kind.value, "hours": str(row.hours or ""), "attendance": str(row.attendance),
        "pass_mark": "" if row.pass_mark is None else str(row.pass_mark), "approval": row.approval,
        "requires": [one for _number, one in row.requires], "awards": [one for _number, one in row.awards],
        "price": plain(row.price) if row.price is not None else "",
    }  # fmt: skip
    for name, label in (("names", row.names), ("descriptions", row.descriptions)):
        found |= {f"{name}_{one}": getattr(label, one) for one in LANGUAGES}
    return found
