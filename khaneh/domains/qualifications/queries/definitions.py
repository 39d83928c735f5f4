"""Which qualifications there are."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.qualifications.models import Qualification
from khaneh.domains.qualifications.types import QualificationRow
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def qualifications(*, with_retired: bool = False) -> list[QualificationRow]:
    """All that are awarded, by code; with those that are not any more, if wanted. One statement."""
    found = Qualification.objects.all() if with_retired else Qualification.objects.filter(active=True)
    return [_row(one) for one in found.order_by("code")]


def qualification(code: str) -> QualificationRow:
    """One, by its code. One statement. Raises NotFound."""
    found = Qualification.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what="qualification")
    return _row(found)


def rows_by_id(ids: Iterable[int]) -> dict[int, QualificationRow]:
    """Those that exist. One statement."""
    return {one.pk: _row(one) for one in Qualification.objects.filter(pk__in=set(ids))}


def choices() -> tuple[tuple[str, Label], ...]:
    """Codes and names, for rules that ask what somebody holds. One statement."""
    rows = Qualification.objects.order_by("code").values_list("code", "names")
    return tuple((code, Label.from_dict(names)) for code, names in rows)


def _row(one: Qualification) -> QualificationRow:
    return QualificationRow(
        id=one.pk,
        code=one.code,
        names=Label.from_dict(one.names),
        descriptions=Label.from_dict(one.descriptions),
        valid_months=one.valid_months,
        disuse_months=one.disuse_months,
        warn_days=one.warn_days,
        active=one.active,
    )
