"""The demonstration's networking: an investor and an accelerator who follow, with a digest each, and what houses share.

They began to follow so long ago that a digest was due; what is in it is what the demonstration itself made public.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from khaneh.interfaces.cli.demo_spaces import account_ids, lines_of, money_of, open_accounts
from khaneh.interfaces.cli.exits import Failed

_Line = Mapping[str, str]
_BEGAN = timedelta(days=32)


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Make what is not there yet; gives how much of what. One transaction. Raises Failed."""
    from khaneh.domains.networking import queries, services
    from khaneh.domains.people import queries as people
    from khaneh.infrastructure import db
    from khaneh.kernel.refusal import Refusal

    done: Counter[str] = Counter()
    open_accounts(folder, since=now - _BEGAN)
    following, sharings = lines_of(folder / "following.csv"), lines_of(folder / "sharings.csv")
    known = account_ids(
        {line[name] for name in ("by", "answers") for line in sharings if line[name]}
        | {line["email"] for line in following}
        | {line["thing"] for line in sharings if line["what"] == "mentor"}
    )
    if queries.subscriptions(people.actor(known[following[0]["email"]], now=now)):
        return done
    try:
        with db.transaction():
            for line in following:
                _follow(line, known[line["email"]], now)
                done["followers"] += 1
            for number, line in enumerate(sharings):
                _share(line, known, now, key=f"demonstration-{number}")
                done["sharings"] += 1
            while services.make_digests(now=now):
                done["rounds"] += 1
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return done


def _follow(line: _Line, account_id: int, now: datetime) -> None:
    from khaneh.domains.network import queries as network
    from khaneh.domains.networking import services
    from khaneh.domains.networking.types import Followed, Frequency, NewsKind
    from khaneh.domains.people import queries as people

    actor = people.actor(account_id, now=now)
    organisation_id = network.organisation_id(line["organisation"])
    wanted = [
        (what, code)
        for what, column in ((Followed.SECTOR, "sectors"), (Followed.REGION, "regions"), (Followed.HOUSE, "houses"))
        for code in line[column].split(";")
        if code
    ]
    for what, code in wanted:
        row = services.follow(actor=actor, what=what, code=code, now=now - _BEGAN, organisation_id=organisation_id)
    services.set_wishes(
        actor=actor, subscription_id=row.id, kinds=list(NewsKind), frequency=Frequency(line["frequency"]), now=now - _BEGAN
    )  # fmt: skip


def _share(line: _Line, known: Mapping[str, int], now: datetime, *, key: str) -> None:
    from khaneh.domains.network import queries as network
    from khaneh.domains.networking import services
    from khaneh.domains.networking.types import Shared, SharingDraft
    from khaneh.domains.people import queries as people
    from khaneh.domains.spaces import queries as spaces
    from khaneh.kernel.actor import SYSTEM

    house_id = network.house_ids_by_code([line["house"]])[line["house"]]
    what = Shared(line["what"])
    draft = SharingDraft(
        what=what,
        minutes=int(line["hours"]) * 60,
        valid_from=now.date(),
        valid_until=now.date() + timedelta(days=180),
        space_id=spaces.space(line["thing"], actor=SYSTEM).id if what is Shared.SPACE else None,
        mentor_id=known[line["thing"]] if what is Shared.MENTOR else None,
        to_house_code=line["to_house"],
        to_region_code=line["to_region"],
        price=money_of(line["price"]),
    )
    number = services.offer_sharing(
        actor=people.actor(known[line["by"]], now=now), house_id=house_id, draft=draft, now=now, key=key
    )
    if line["answers"]:
        answer = services.agree_sharing if what is Shared.MENTOR else services.accept_sharing
        answer(actor=people.actor(known[line["answers"]], now=now), sharing_id=number, now=now)
