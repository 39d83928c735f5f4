"""What PostgreSQL refused, said as a refusal: its constraints are the last word when two acts meet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError

from khaneh.domains.network.errors import CodeTaken, HoursOverlap, RegistrationNumberTaken, TreeRefused
from khaneh.infrastructure import db
from khaneh.kernel.refusal import Refusal


@contextmanager
def refusing(*, code: str, parent: str = "", registration_number: str = "", country: str = "") -> Iterator[None]:
    """Run statements whose constraints may fail. Raises the refusal that the failed one stands for; the transaction goes on."""
    try:
        with db.transaction():
            yield
    except IntegrityError as error:
        name: Any = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        refusal: Refusal
        if name in {"network_tree_cycle", "network_region_level_order"}:
            reason = "cycle" if name == "network_tree_cycle" else "level"
            refusal = TreeRefused(reason=reason, parent=parent)
        elif name == "network_organisation_registration":
            refusal = RegistrationNumberTaken(registration_number=registration_number, country=country)
        elif name == "network_openinghours_overlap":
            refusal = HoursOverlap(weekday=None)
        elif name.endswith("_key") and "_code_" in name:
            refusal = CodeTaken(code=code)
        else:
            raise
        raise refusal from error
