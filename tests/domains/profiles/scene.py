"""A small province for tests: its library authority, an officer, companies of the register, and people as a test needs them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from khaneh.domains.network.models import Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.profiles import services
from khaneh.domains.profiles.types import DocumentKind, ProfileDraft, SignUpDraft, SignUpRow
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Scene:
    """What is there."""

    region: Region
    town: Region
    authority: Organisation

    def person(self, role: Role | None = None, organisation: Organisation | None = None) -> Actor:
        """Somebody with an account, and a role somewhere."""
        number = next(_numbers)
        account = Account.objects.create_user(f"person-{number}@example.org", None, name=f"Person {number}")
        if role is not None:
            RoleAssignment.objects.create(
                account=account, role=role.value, organisation=organisation, valid_from=NOW - timedelta(days=1)
            )
        return actor_of(account.pk, now=NOW)

    def officer(self, role: Role = Role.BROKER) -> Actor:
        """Somebody who verifies."""
        return self.person(role, self.authority)

    def company(self, name: str = "Blue Glaze", *, kind: str = "company_creative", number: str = "") -> Organisation:
        """A line of the register."""
        key = next(_numbers)
        return Organisation.objects.create(
            code=f"C{key}", kind=kind, country="IR", region=self.town, names={"en": name, "fa": "", "vi": ""},
            registration_number=number or f"R-{key}", sectors=["2393"], capabilities=["ceramics"],
        )  # fmt: skip

    def shown(self, company: Organisation, makes: str = "Glazed ware with birds", **said: object) -> Actor:
        """A published profile; gives who speaks for it."""
        who = self.person(Role.ADMINISTRATOR, company)
        services.open_profile(actor=who, organisation_id=company.pk, now=NOW)
        draft = ProfileDraft(Label(makes, "", ""), **said)  # type: ignore[arg-type]
        services.change_profile(actor=who, organisation_id=company.pk, draft=draft, now=NOW)
        services.publish(actor=who, organisation_id=company.pk, now=NOW)
        return who

    def submitted(self, who: Actor, draft: SignUpDraft | None = None) -> SignUpRow:
        """A sign-up that waits to be verified."""
        row = services.begin_signup(actor=who, draft=draft or signup_draft(), now=NOW)
        services.add_document(
            actor=who, signup_id=row.id, kind=DocumentKind.REGISTRATION, name="certificate.pdf", content=PDF, now=NOW
        )
        return services.submit(actor=who, signup_id=row.id, now=NOW)


def signup_draft(number: str = "4711", name: str = "Lam RFID", **said: object) -> SignUpDraft:
    """A company as somebody tells of it."""
    return SignUpDraft(
        "company_startup", Label(name, "برچسب لام", ""), "IR", "yz-town", registration_number=number,
        sectors=("2630",), capabilities=("RFID", "software"), **said,
    )  # type: ignore[arg-type]  # fmt: skip


def make_scene() -> Scene:
    """A province with a town and its authority."""
    region = Region.objects.create(code="yz", level=1, country="IR", names={"en": "Yazd", "fa": "یزد", "vi": "Yazd"})
    town = Region.objects.create(code="yz-town", level=2, country="IR", parent=region, names={"en": "Meybod"})
    town.refresh_from_db()
    authority = Organisation.objects.create(
        code="AUTH", kind="library_authority", country="IR", region=region, names={"en": "Libraries"}
    )
    return Scene(region, town, authority)
