"""The demonstration's profiles: what organisations make, their showcases, who is shown, mentors, and sign-ups in every state.

Each act is done through the services by whom it would be done; a second load changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from khaneh.interfaces.cli.demo_spaces import account_ids, label_of, lines_of

_Line = Mapping[str, str]
# The smallest file that is a PDF: the demonstration's papers say nothing.
_PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Everything of the folder. Raises Refusal."""
    done: Counter[str] = Counter()
    _open_accounts(lines_of(folder / "mentors.csv"))
    codes = _profiles(lines_of(folder / "profiles.csv"), now)
    done["profiles"] += len(codes)
    done["products"] += _products(lines_of(folder / "products.csv"), codes, now)
    people = lines_of(folder / "people.csv")
    mentors, signups = lines_of(folder / "mentors.csv"), lines_of(folder / "signups.csv")
    known = account_ids({line["email"] for line in (*people, *mentors, *signups)})
    for line in people:
        _person(line, codes[line["code"]], known[line["email"]], now)
    for line in mentors:
        _mentor(line, known[line["email"]], now)
        done["mentors"] += 1
    for line in signups:
        _signup(line, known[line["email"]], now)
        done["signups"] += 1
    return done


def _open_accounts(lines: list[dict[str, str]]) -> None:
    from khaneh.domains.people import services as people
    from khaneh.kernel.actor import SYSTEM

    for line in lines:
        people.open_account(
            actor=SYSTEM, email=line["email"], password=None, name=line["name"], language=line["language"]
        )


def _profiles(lines: list[dict[str, str]], now: datetime) -> dict[str, int]:
    """The profiles, published; gives the organisations' ids by code."""
    from khaneh.domains.network import queries as network
    from khaneh.domains.profiles import services
    from khaneh.domains.profiles.types import ProfileDraft, Stage
    from khaneh.kernel.actor import SYSTEM

    codes = {line["code"]: network.organisation(line["code"]).row.id for line in lines}
    for line in lines:
        draft = ProfileDraft(
            makes=label_of(line, "makes"),
            stage=Stage(line["stage"]),
            trl=int(line["trl"]),
            size=line["people"],
            founded=int(line["founded"]),
            markets=tuple(line["markets"].split(";")),
        )
        number = codes[line["code"]]
        services.open_profile(actor=SYSTEM, organisation_id=number, now=now)
        services.change_profile(actor=SYSTEM, organisation_id=number, draft=draft, now=now)
        services.publish(actor=SYSTEM, organisation_id=number, now=now)
    return codes


def _products(lines: list[dict[str, str]], codes: dict[str, int], now: datetime) -> int:
    from khaneh.domains.profiles import services
    from khaneh.domains.profiles.types import ProductDraft
    from khaneh.interfaces.cli.demo_pictures import showcase_picture
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.labels import Label

    for line in lines:
        names = label_of(line, "name")
        alts = Label(f"Drawing: {names.en}", f"طرح: {names.fa}", f"Hình vẽ: {names.vi}")
        draft = ProductDraft(names, label_of(line, "text"), int(line["trl"]), alts=alts)
        services.save_product(
            actor=SYSTEM, organisation_id=codes[line["code"]], draft=draft, now=now, key=f"demo-{line['key']}",
            picture=showcase_picture(line["motif"], line["key"]),
        )  # fmt: skip
    return len(lines)


def _person(line: _Line, organisation_id: int, account_id: int, now: datetime) -> None:
    from khaneh.domains.people import queries as people
    from khaneh.domains.profiles import queries, services
    from khaneh.kernel.actor import SYSTEM

    who = people.actor(account_id, now=now)
    services.ask_person(
        actor=SYSTEM, organisation_id=organisation_id, email=line["email"], titles=label_of(line, "title"), now=now
    )
    for asked in queries.asked_to_show(account_id, actor=who):
        if line["consents"] == "1":
            services.answer_ask(actor=who, person_id=asked.id, consents=True, now=now)


def _mentor(line: _Line, account_id: int, now: datetime) -> None:
    from khaneh.domains.network import queries as network
    from khaneh.domains.network.types import Role
    from khaneh.domains.people import queries as people
    from khaneh.domains.people import services as roles
    from khaneh.domains.profiles import services
    from khaneh.domains.profiles.types import MentorDraft
    from khaneh.kernel.actor import SYSTEM

    who = people.actor(account_id, now=now)
    if line["organisation"] and not who.grants:
        # Naming an organisation asks for a role at it.
        organisation_id = network.organisation(line["organisation"]).row.id
        roles.grant_role(
            actor=SYSTEM, account_id=account_id, role=Role.TRAINER, organisation_id=organisation_id, now=now
        )
        who = people.actor(account_id, now=now)
    draft = MentorDraft(
        headlines=label_of(line, "headline"),
        about=label_of(line, "about"),
        capabilities=tuple(line["capabilities"].split(";")),
        sectors=tuple(line["sectors"].split(";")),
        languages=tuple(line["languages"].split(";")),
        region_code=line["region"],
        organisation_code=line["organisation"],
        hours=int(line["hours"]),
    )
    services.save_mentor(actor=who, draft=draft, now=now)
    services.publish_mentor(actor=who, published=True, now=now)


def _signup(line: _Line, account_id: int, now: datetime) -> None:
    """A sign-up as far as it went: submitted, returned with a reason, or verified."""
    from khaneh.domains.network import queries as network
    from khaneh.domains.people import queries as people
    from khaneh.domains.profiles import services
    from khaneh.domains.profiles.types import DocumentKind, Outcome, SignUpDraft, SignUpState
    from khaneh.kernel.actor import SYSTEM

    who, at = people.actor(account_id, now=now), now - timedelta(days=int(line["days"]))
    draft = SignUpDraft(
        kind=line["kind"],
        names=label_of(line, "name"),
        country=network.region(line["region"]).country,
        region_code=line["region"],
        registration_number=line["registration_number"],
        sectors=(line["isic"],),
        capabilities=tuple(line["capabilities"].split(";")),
        descriptions=label_of(line, "description"),
    )
    row = services.begin_signup(actor=who, draft=draft, now=at, key=f"demo-{line['key']}")
    if row.state is not SignUpState.DRAFT:
        return
    services.add_document(
        actor=who, signup_id=row.id, kind=DocumentKind.REGISTRATION, name="certificate.pdf", content=_PAPER, now=at
    )
    services.submit(actor=who, signup_id=row.id, now=at)
    if line["outcome"]:
        services.decide(
            actor=SYSTEM,
            signup_id=row.id,
            outcome=Outcome(line["outcome"]),
            reasons=tuple(one for one in line["reasons"].split(";") if one),
            words=line["words"],
            now=at + timedelta(days=1),
        )
