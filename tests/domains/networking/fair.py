"""A small network for tests: a library with a broker's house in one province, a centre with teams in another, companies, an investor who looks on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from khaneh.domains.network.models import House, Organisation
from khaneh.domains.network.types import Role
from khaneh.domains.networking import services
from khaneh.domains.networking.types import Shared, SharingDraft
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.profiles import services as profiles
from khaneh.domains.profiles.types import MentorDraft, ProfileDraft
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from tests.domains.exchange.bazaar import Bazaar, make_bazaar
from tests.domains.residencies.centre import NOW, Centre, make_centre

DAY = timedelta(days=1)
WEEK = 7 * DAY
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Fair:
    """What is there; people are made as a test needs them. The bazaar is in the region X-QM, the centre in R-QM."""

    bazaar: Bazaar
    centre: Centre

    @property
    def library(self) -> House:
        """A house of the other province."""
        return self.bazaar.library

    def person(self, role: Role | None = None, **where: Any) -> Actor:
        """Somebody with an account, and perhaps a role somewhere; no membership."""
        made = Account.objects.create(email=f"fair{next(_numbers)}@example.org", name="Looker On")
        if role is not None:
            RoleAssignment.objects.create(account=made, role=role.value, valid_from=NOW - DAY, **where)
        return actor_of(made.pk, now=NOW)

    def investor(self) -> tuple[Organisation, Actor]:
        """An investor, and who speaks for it."""
        made = Organisation.objects.create(
            code=f"N-INV{next(_numbers)}", kind="investor", country="IR", region=self.library.region,
            names={"en": "Kavir Capital", "fa": "سرمایهٔ کویر", "vi": "Vốn Kavir"},
        )  # fmt: skip
        return made, self.person(Role.ADMINISTRATOR, organisation=made)

    def company(self, *sectors: str, region: Any = None, shown: bool = True) -> tuple[Organisation, Actor]:
        """A company with a published profile, and who speaks for it."""
        number = next(_numbers)
        made = Organisation.objects.create(
            code=f"N-CO{number}", kind="company_startup", country="IR", region=region or self.library.region,
            sectors=list(sectors), names={"en": f"Nomso {number}", "fa": f"نوم‌سو {number}", "vi": f"Nôm Số {number}"},
        )  # fmt: skip
        who = self.person(Role.ADMINISTRATOR, organisation=made)
        profiles.open_profile(actor=who, organisation_id=made.pk, now=NOW)
        profiles.change_profile(
            actor=who, organisation_id=made.pk, draft=ProfileDraft(Label("Sensors", "حسگر", "Cảm biến")), now=NOW
        )
        if shown:
            profiles.publish(actor=who, organisation_id=made.pk, now=NOW)
        return made, who

    def mentor(self) -> Actor:
        """Somebody who has published what they can do."""
        who = self.person()
        draft = MentorDraft(Label("Prices and markets", "قیمت و بازار", "Giá cả và thị trường"), languages=("en",))
        profiles.save_mentor(actor=who, draft=draft, now=NOW)
        profiles.publish_mentor(actor=who, published=True, now=NOW)
        return who

    def shares(self, **facts: Any) -> int:
        """The centre shares its office, three hours a month, with the library, which accepts; or what `facts` say."""
        draft = SharingDraft(
            **{
                "what": Shared.SPACE, "minutes": 180, "valid_from": date(2026, 3, 1), "valid_until": date(2026, 12, 31),
                "space_id": self.centre.office.pk, "to_house_code": self.library.code, **facts,
            }
        )  # fmt: skip
        number = services.offer_sharing(
            actor=self.centre.manager(Role.HOUSE_MANAGER), house_id=self.centre.house.pk, draft=draft, now=NOW,
            key=f"share-{next(_numbers)}",
        )  # fmt: skip
        if draft.to_house_code:
            services.accept_sharing(
                actor=self.person(Role.HOUSE_MANAGER, house=self.library), sharing_id=number, now=NOW
            )
        return number


def make_fair() -> Fair:
    """Both provinces."""
    return Fair(make_bazaar(), make_centre())
