"""A round as its form has it: a day, who drives, and a line a stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from khaneh.domains.circulation.queries.runs import RunRow
from khaneh.domains.circulation.services.runs import StopDraft
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.interfaces.web.desk import circulation_words as words

LINES = 14


@dataclass
class RunForm:
    """What was typed, line by line, and what is wrong with it. `lines` are (time, house or place)."""

    name: str = ""
    day: str = ""
    base: str = ""
    bookmobile: str = ""
    driver: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, row: RunRow, zone: ZoneInfo, driver: str) -> RunForm:
        """The form of a planned round."""
        return cls(
            name=row.name,
            day=row.day.isoformat(),
            base=row.base.code if row.base else "",
            bookmobile=row.bookmobile.code if row.bookmobile else "",
            driver=driver,
            lines=[
                (
                    stop.planned_at.astimezone(zone).strftime("%H:%M") if stop.planned_at else "",
                    stop.house.code if stop.house else stop.place,
                )
                for stop in row.stops
            ],
        )

    @classmethod
    def sent(cls, data: Mapping[str, Any], times: Iterable[str], stops: Iterable[str]) -> RunForm:
        """What a browser sent. A stop may be chosen from the list as "code · name"."""
        lines = [(words.latin_digits(at), stop.strip()) for at, stop in zip(times, stops, strict=False) if stop.strip()]
        name, day, base, bookmobile, driver = (
            str(data.get(key, "")).strip()[:200] for key in ("name", "day", "base", "bookmobile", "driver")
        )
        return cls(name=name, day=day, base=base, bookmobile=bookmobile, driver=driver, lines=lines)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The lines with empty ones to fill in."""
        return [*self.lines, *[("", "")] * max(LINES - len(self.lines), 2)]

    def facts(self) -> dict[str, Any] | None:
        """What the service takes; None, with `errors`, where something is not understood."""
        codes = {self.base, self.bookmobile} | {_code(stop) for _, stop in self.lines}
        houses = network.house_ids_by_code(code for code in codes if code)
        base, bookmobile = houses.get(self.base), houses.get(self.bookmobile)
        home = bookmobile or base
        zone = ZoneInfo(network.house_facts(home).calendar.zone) if home is not None else ZoneInfo("UTC")
        try:
            day = date.fromisoformat(words.latin_digits(self.day))
        except ValueError:
            self.errors["day"] = _("This is not a date.")
            return None
        stops = []
        for at, stop in self.lines:
            house = houses.get(_code(stop))
            try:
                planned = datetime.combine(day, time.fromisoformat(at), zone) if at else None
            except ValueError:
                self.errors["stops"] = _("A time is written as 9:30 or 14:05.")
                return None
            stops.append(StopDraft(house, "" if house is not None else stop, planned))
        driver = people.account_by_email(self.driver) if self.driver else None
        if self.driver and driver is None:
            self.errors["driver"] = _("No account has this address.")
            return None
        return {
            "day": day, "name": self.name, "base_house_id": base, "bookmobile_id": bookmobile, "stops": stops,
            "driver_id": driver.id if driver is not None else None,
        }  # fmt: skip

    def refuse(self, fields: Mapping[str, str]) -> None:
        """What the service says is wrong, in words."""
        said = {
            "day": _("The day must be today or within a year."),
            "name": _("The name is too long."),
            "base": _("Choose where the round begins."),
            "required": _("A stop is a house of the network or the name of a place."),
            "place_without_bookmobile": _("Only a bookmobile stops at places that are no house."),
            "out_of_range": _("A round has at least two stops."),
            "twice": _("The same house stands twice in a row."),
            "not_in_order": _("Each stop is later than the one before it."),
        }
        for name, reason in fields.items():
            self.errors[name] = said[reason] if name == "stops" else said.get(name, _("This is not possible here."))


def _code(stop: str) -> str:
    return stop.split(" · ", 1)[0].strip()
