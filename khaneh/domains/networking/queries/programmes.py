"""What all houses run: programmes with their calls and what came of them, as numbers of which none tells of somebody in particular."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from khaneh.domains.networking import permissions
from khaneh.domains.networking.rules.hiding import shown
from khaneh.domains.networking.types import CallLine, ProgrammeFilter, ProgrammeLine, ProgrammePage
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import SENT, ApplicationState
from khaneh.domains.residencies import queries as residencies
from khaneh.domains.residencies.types import ResidencyState
from khaneh.kernel.actor import Actor

_ACCEPTED = (ApplicationState.ACCEPTED, ApplicationState.CONTRACTED)
_LIVED = (ResidencyState.MOVED_IN, ResidencyState.GRADUATED, ResidencyState.LEFT)
PAGE = 24
# Of each programme the latest calls are named.
MOST_CALLS = 4


def programmes_of_network(
    wanted: ProgrammeFilter, *, actor: Actor, now: datetime, offset: int = 0, limit: int = PAGE
) -> ProgrammePage:
    """Programmes with a published call, who called last first. Applications are all that were handed in, residents all who moved in since.

    At most thirteen statements. Raises NotAllowed.
    """
    permissions.require_read(actor)
    total, found = programmes.programmes_of_network(
        now=now, kind=wanted.kind, region_code=wanted.region_code, sector=wanted.sector, state=wanted.state,
        offset=offset, limit=limit,
    )  # fmt: skip
    ids = [one.id for one in found]
    calls = programmes.calls_of_programmes(ids)
    applied = programmes.states_by_programme(ids)
    lived = residencies.states_by_programme(ids)
    nothing: Counter[str] = Counter()
    return ProgrammePage(
        total,
        tuple(
            ProgrammeLine(
                code=one.code,
                names=one.names,
                kind=one.kind.value,
                house=one.house,
                calls=tuple(
                    CallLine(call.id, call.names, call.stage(now).value, call.closes_at)
                    for call in calls.get(one.id, [])[:MOST_CALLS]
                ),
                applications=shown(sum(applied.get(one.id, nothing)[state.value] for state in SENT)),
                accepted=shown(sum(applied.get(one.id, nothing)[state.value] for state in _ACCEPTED)),
                residents=shown(sum(lived.get(one.id, nothing)[state.value] for state in _LIVED)),
                graduates=shown(lived.get(one.id, nothing)[ResidencyState.GRADUATED.value]),
            )
            for one in found
        ),
    )
