"""Profiles: the public page of one, one's own, pictures, and the people who are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.profiles import permissions
from khaneh.domains.profiles.models import Product, Profile, ShownPerson
from khaneh.domains.profiles.queries import files
from khaneh.domains.profiles.types import (
    PersonRow,
    PersonState,
    ProductDraft,
    ProductRow,
    ProfileDraft,
    ProfileRow,
    ProfileState,
    Stage,
)
from khaneh.infrastructure.blobs import BlobMissing
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_VERSION = 12


def profile(code: str, *, actor: Actor) -> ProfileRow:
    """An organisation's profile: a published one for everybody, any for who speaks for it. Eight statements.

    People who have not consented are there only for who speaks for it. Raises NotFound.
    """
    found = Profile.objects.filter(organisation__code=code).first()
    if found is None:
        raise NotFound(what="profile")
    own = permissions.represents(actor, found.organisation_id)
    if found.state != ProfileState.PUBLISHED and not own:
        raise NotFound(what="profile")
    return _rows([found], everybody=own)[0]


def own_profiles(actor: Actor) -> list[ProfileRow]:
    """Those of the organisations that the actor speaks for. Eight statements."""
    found = Profile.objects.filter(organisation_id__in=permissions.represented(actor)).order_by("organisation__code")
    return _rows(list(found), everybody=True)


def is_published(organisation_id: int) -> bool:
    """Whether an organisation shows a profile. One statement."""
    return Profile.objects.filter(organisation_id=organisation_id, state=ProfileState.PUBLISHED.value).exists()


def profiles_by_ids(organisation_ids: Iterable[int]) -> dict[int, ProfileRow]:
    """The published profiles of these organisations, with those who consent. Eight statements."""
    found = Profile.objects.filter(organisation_id__in=set(organisation_ids), state=ProfileState.PUBLISHED.value)
    return {row.organisation.id: row for row in _rows(list(found), everybody=False)}


def published_ids() -> Iterator[list[int]]:
    """Every organisation with a published profile, in lists of at most 1,000. One statement a list."""
    last = 0
    found = Profile.objects.filter(state=ProfileState.PUBLISHED.value).order_by("organisation_id")
    while ids := list(found.filter(organisation_id__gt=last).values_list("organisation_id", flat=True)[:1000]):
        yield ids
        last = ids[-1]


def picture(product_id: int, *, large: bool, actor: Actor) -> bytes:
    """A product's picture as WebP, for whoever may see the profile. One statement. Raises NotFound."""
    found = Product.objects.select_related("profile").filter(pk=product_id).exclude(large="").first()
    if found is None or not (
        found.profile.state == ProfileState.PUBLISHED or permissions.represents(actor, found.profile.organisation_id)
    ):
        raise NotFound(what="picture")
    try:
        with files.pictures().open(found.large if large else found.small) as content:
            return content.read()
    except BlobMissing:
        raise NotFound(what="picture") from None


def asked_to_show(account_id: int, *, actor: Actor) -> list[PersonRow]:
    """The organisations that want to show this person, or do; for the person alone. Three statements."""
    if not (actor.is_system or actor.account_id == account_id):
        return []
    found = ShownPerson.objects.filter(account_id=account_id).exclude(profile__state=ProfileState.WITHDRAWN.value)
    return _people(list(found.select_related("profile").order_by("-asked_at", "-pk")))


def _rows(found: list[Profile], *, everybody: bool) -> list[ProfileRow]:
    organisations = network.organisations_by_ids(one.organisation_id for one in found)
    products: dict[int, list[ProductRow]] = defaultdict(list)
    for product in Product.objects.filter(profile__in=found).order_by("profile_id", "position", "pk"):
        products[product.profile_id].append(product_row(product))
    people_of = ShownPerson.objects.filter(profile__in=found).select_related("profile").order_by("pk")
    if not everybody:
        people_of = people_of.filter(state=PersonState.CONSENTED.value)
    asked = list(people_of)
    shown: dict[int, list[PersonRow]] = defaultdict(list)
    for row, one in zip(_people(asked), asked, strict=True):
        # An account that is closed has no name any more.
        if everybody or row.name:
            shown[one.profile_id].append(row)
    return [
        ProfileRow(
            organisation=organisations[one.organisation_id],
            state=ProfileState(one.state),
            draft=ProfileDraft(
                makes=Label.from_dict(one.makes),
                stage=Stage(one.stage) if one.stage else None,
                trl=one.trl,
                size=one.size,
                founded=one.founded,
                markets=tuple(one.markets),
            ),
            published_at=one.published_at,
            withdrawn_at=one.withdrawn_at,
            changed_at=one.changed_at,
            products=tuple(products[one.pk]),
            people=tuple(shown[one.pk]),
        )
        for one in found
    ]


def product_row(one: Product) -> ProductRow:
    """Its row."""
    draft = ProductDraft(
        names=Label.from_dict(one.names),
        texts=Label.from_dict(one.texts),
        trl=one.trl,
        website=one.website,
        alts=Label.from_dict(one.alts),
    )
    return ProductRow(one.pk, draft, one.large[:_VERSION], one.width, one.height)


def _people(found: list[ShownPerson]) -> list[PersonRow]:
    names = people.account_names(one.account_id for one in found) if found else {}
    refs = network.organisation_refs(one.profile.organisation_id for one in found) if found else {}
    return [
        PersonRow(
            id=one.pk,
            account_id=one.account_id,
            name=names.get(one.account_id, ""),
            titles=Label.from_dict(one.titles),
            state=PersonState(one.state),
            organisation=refs[one.profile.organisation_id],
        )
        for one in found
    ]
