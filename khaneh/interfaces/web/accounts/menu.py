"""What stands in the account's menu, in which group, and for whom at once. A further page of one's own is one `Entry` here.

Whoever has nothing behind an entry finds it under "More"; the page that is open is never hidden there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.socialaccount.adapter import get_adapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khaneh.domains.exchange import permissions as exchange
from khaneh.domains.placements import permissions as placements
from khaneh.domains.profiles import permissions as profiles
from khaneh.infrastructure import belongings
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.side_menu import Group, Line, at
from khaneh.kernel.actor import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: the name of an address, and for whom it is in sight: everybody (`always`), whoever has something of `kinds`
    (`khaneh.infrastructure.belongings`), whoever a rule names (`whom`).
    """

    address: str
    words: _StrPromise
    kinds: frozenset[str] = frozenset()
    whom: Callable[[Actor], bool] | None = None
    always: bool = False

    def concerns(self, actor: Actor, has: frozenset[str]) -> bool:
        """Whether it is in sight."""
        return self.always or not self.kinds.isdisjoint(has) or (self.whom is not None and self.whom(actor))


def _speaks(roles: frozenset[str]) -> Callable[[Actor], bool]:
    return lambda actor: any(grant.organisation_id is not None and grant.role in roles for grant in actor.grants)


GROUPS: tuple[tuple[_StrPromise, tuple[Entry, ...]], ...] = (
    (
        _("My library"),
        (
            Entry("account-loans", _("Loans"), always=True),
            Entry("account-requests", _("Requests"), always=True),
            Entry("account-fees", _("Fees"), frozenset({"circulation.fees"})),
            Entry("account-lists", _("My lists"), frozenset({"discovery.lists"})),
            Entry("account-searches", _("Saved searches"), frozenset({"discovery.searches"})),
            Entry("account-history", _("What I have read"), frozenset({"people.history"})),
            Entry("account-membership", _("Membership and card"), always=True),
        ),
    ),
    (
        _("Places and courses"),
        (
            Entry("account-bookings", _("Bookings"), always=True),
            Entry("account-events", _("My events"), frozenset({"events.registrations"})),
            Entry(
                "account-courses",
                _("Courses and certificates"),
                frozenset({"learning.enrolments", "qualifications.holdings"}),
            ),
            Entry("account-credits", _("Balance and credits"), frozenset({"credits.balances"})),
            Entry("account-calendar", _("My calendar"), frozenset({"people.calendars"})),
        ),
    ),
    (
        _("Work and organisations"),
        (
            Entry(
                "account-work",
                pgettext_lazy("employment", "Work"),
                frozenset({"placements.seekers", "placements.placements"}),
            ),
            Entry(
                "account-organisations",
                _("Profiles of organisations"),
                frozenset({"profiles.signups"}),
                whom=_speaks(profiles.REPRESENTATIVES),
            ),
            Entry("employers", _("Vacancies and trainees"), whom=_speaks(placements.REPRESENTATIVES)),
        ),
    ),
    (
        _("Innovation"),
        (
            Entry("account-exchange", _("Needs and offers"), whom=_speaks(exchange.REPRESENTATIVES)),
            Entry(
                "account-applications",
                _("My applications"),
                frozenset({"programmes.applications", "programmes.shared"}),
            ),
            Entry("account-residencies", _("My teams"), frozenset({"residencies.teams"})),
            Entry("account-matchmakings", _("My matchmaking sessions"), frozenset({"meetings.people"})),
            Entry("account-reviews", _("My reviews"), frozenset({"selection.reviewers"})),
            Entry("account-mentor", _("I as a mentor"), frozenset({"profiles.mentors"})),
            Entry("account-mentoring", _("Mentoring"), frozenset({"residencies.mentorships"})),
            Entry("account-following", _("What I follow"), frozenset({"networking.following"})),
            Entry("account-shared", _("Shared by houses"), frozenset({"networking.mentor"})),
        ),
    ),
)

SETTINGS: tuple[Entry, ...] = (
    Entry("account", pgettext_lazy("account", "Profile")),
    Entry("account-notices", _("Which messages I get")),
    Entry("account-privacy", pgettext_lazy("account", "Privacy")),
    Entry("account_email", _("E-mail addresses")),
    Entry("account_change_password", _("Password")),
    Entry("mfa_index", _("Second factor and passkeys")),
    Entry("socialaccount_connections", _("Linked accounts")),
    Entry("usersessions_list", _("Sessions")),
    Entry("account-roles", _("My roles")),
    Entry("account-tokens", _("Keys for programs")),
)

# The first page of the settings has the address that all others begin with.
_ONLY_ITSELF = frozenset({"account"})


def groups(request: HttpRequest) -> tuple[Group, ...]:
    """Messages, what concerns the person, all else folded, the settings folded, the way out. One statement."""
    actor = actor_of(request)
    has = belongings.kinds_of(actor)
    hrefs = {entry.address: reverse(entry.address) for entry in _every()}
    here = at(request.path, hrefs.values(), only_itself=frozenset(hrefs[name] for name in _ONLY_ITSELF))

    def lines(entries: tuple[Entry, ...]) -> tuple[Line, ...]:
        return tuple(Line(hrefs[entry.address], entry.words, current=hrefs[entry.address] == here) for entry in entries)

    shown, folded = [], []
    for title, entries in GROUPS:
        near = tuple(one for one in entries if one.concerns(actor, has) or hrefs[one.address] == here)
        shown.append(Group(title, lines(near)))
        folded.append(Group(title, lines(tuple(one for one in entries if one not in near))))
    left_out = frozenset() if get_adapter().list_providers(request) else frozenset({"socialaccount_connections"})
    settings = lines(tuple(one for one in SETTINGS if one.address not in left_out))
    return (
        Group("", lines((_MESSAGES,))),
        *shown,
        Group(_("More"), (), folds=True, groups=tuple(group for group in folded if group.lines)),
        Group(_("Settings"), settings, folds=True, open=any(line.current for line in settings)),
        Group("", (Line(reverse("account_logout"), _("Sign out")),)),
    )


_MESSAGES = Entry("account-messages", _("Messages"), always=True)


def _every() -> tuple[Entry, ...]:
    return (_MESSAGES, *(entry for _title, entries in GROUPS for entry in entries), *SETTINGS)
