"""The showcase: products with their pictures, and the people who consent to be shown."""

from __future__ import annotations

import secrets
from datetime import datetime

from khaneh.domains.people import queries as people
from khaneh.domains.profiles import notices, permissions, queries
from khaneh.domains.profiles.errors import NoAccount
from khaneh.domains.profiles.models import Product, Profile, ShownPerson
from khaneh.domains.profiles.queries import files
from khaneh.domains.profiles.rules.problems import product_problems
from khaneh.domains.profiles.services import holding
from khaneh.domains.profiles.services.refreshing import refresh
from khaneh.domains.profiles.types import PersonState, ProductDraft, ProductRow, ProfileState
from khaneh.infrastructure import db, journal
from khaneh.infrastructure.pictures import Drawn, NotAPicture, PictureTooLarge, drawn
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound

MOST_PRODUCTS, MOST_PEOPLE = 24, 12
LARGEST_PICTURE = 15 * 1024 * 1024  # bytes
_WIDTHS = (480, 1600)  # pixels


def save_product(
    *,
    actor: Actor,
    organisation_id: int,
    draft: ProductDraft,
    now: datetime,
    product_id: int | None = None,
    picture: bytes | None = None,
    key: str = "",
) -> ProductRow:
    """Add something to the showcase, or change it. `picture` is JPEG, PNG or WebP; None keeps the one there is, empty takes it away.

    `key` is what a form carries: sent twice it is one. Raises NotAllowed, NotFound, Invalid (picture: too_large, not_a_picture; names …),
    ProfileWithdrawn.
    """
    permissions.require_represent(actor, organisation_id)
    problems = product_problems(draft)
    sizes = _drawn(picture, problems) if picture else None
    if problems:
        raise Invalid(fields=problems)
    values: dict[str, object] = {
        "names": draft.names.to_dict(),
        "texts": draft.texts.to_dict(),
        "trl": draft.trl,
        "website": draft.website.strip(),
        "alts": draft.alts.to_dict(),
    }
    if sizes is not None:
        store = files.pictures()
        small, large = (store.put([one.content]).digest for one in sizes)
        values |= {"small": small, "large": large, "width": sizes[1].width, "height": sizes[1].height}
    elif picture is not None:
        values |= {"small": "", "large": "", "width": 0, "height": 0}
    with db.transaction():
        found = holding.own_profile(organisation_id, actor)
        there = Product.objects.filter(profile_id=found.pk)
        made_key = f"{found.pk}:{key or secrets.token_hex(16)}"
        one = there.filter(pk=product_id).first() if product_id else there.filter(made_key=made_key).first()
        if one is None and product_id:
            raise NotFound(what="product")
        if one is None:
            count = there.count()
            if count >= MOST_PRODUCTS:
                raise Invalid(fields={"names": "too_many"})
            one = Product.objects.create(profile_id=found.pk, position=count + 1, made_key=made_key, **values)
        else:
            before = {one.small, one.large}
            Product.objects.filter(pk=one.pk).update(**values)
            _forget(before)
        _changed(found, now)
        journal.record("profiles.product.saved", actor=actor, organisation_id=organisation_id, product_id=one.pk)
    return queries.product_row(Product.objects.get(pk=one.pk))


def remove_product(*, actor: Actor, organisation_id: int, product_id: int, now: datetime) -> None:
    """Take something out of the showcase; its picture goes. Raises NotAllowed, NotFound, ProfileWithdrawn."""
    with db.transaction():
        found = holding.own_profile(organisation_id, actor)
        one = Product.objects.filter(profile_id=found.pk, pk=product_id).first()
        if one is None:
            raise NotFound(what="product")
        one.delete()
        _forget({one.small, one.large})
        _changed(found, now)
        journal.record("profiles.product.removed", actor=actor, organisation_id=organisation_id, product_id=product_id)


def ask_person(*, actor: Actor, organisation_id: int, email: str, titles: Label, now: datetime) -> None:
    """Ask somebody with an account whether the profile may show them, by name and with a title. They are told, and answer themselves.

    Who has declined is asked again by this. Raises NotAllowed, NotFound, Invalid, NoAccount, ProfileWithdrawn.
    """
    titles = Label(*(" ".join(text.split()) for text in titles))
    if not any(titles) or max(map(len, titles)) > 200:
        raise Invalid(fields={"titles": "too_long" if any(titles) else "required"})
    with db.transaction():
        found = holding.own_profile(organisation_id, actor)
        account = people.account_by_email(email)
        if account is None:
            raise NoAccount
        there = ShownPerson.objects.filter(profile_id=found.pk)
        one = there.filter(account_id=account.id).first()
        if one is None and there.count() >= MOST_PEOPLE:
            raise Invalid(fields={"email": "too_many"})
        if one is None:
            one = ShownPerson.objects.create(
                profile_id=found.pk, account_id=account.id, titles=titles.to_dict(), asked_at=now
            )
        elif one.state == PersonState.DECLINED or one.titles != titles.to_dict():
            # Another title is another question: consent was given to the words that it was asked for.
            ShownPerson.objects.filter(pk=one.pk).update(
                titles=titles.to_dict(), state=PersonState.ASKED.value, asked_at=now, answered_at=None
            )
        else:
            return
        journal.record("profiles.person.asked", actor=actor, organisation_id=organisation_id, person_id=one.pk)
        notices.tell_asked(one, organisation_id, now=now)


def answer_ask(*, actor: Actor, person_id: int, consents: bool, now: datetime) -> None:
    """Say whether one may be shown; for oneself, at any time, either way. Raises NotFound."""
    with db.transaction():
        db.lock(("profiles.person", person_id))
        one = ShownPerson.objects.select_related("profile").filter(pk=person_id).first()
        if one is None or actor.account_id is None or actor.account_id != one.account_id:
            raise NotFound(what="person")
        state = PersonState.CONSENTED if consents else PersonState.DECLINED
        if one.state == state:
            return
        ShownPerson.objects.filter(pk=person_id).update(state=state.value, answered_at=now)
        journal.record(
            "profiles.person.answered",
            actor=actor,
            organisation_id=one.profile.organisation_id,
            person_id=person_id,
            consents=consents,
        )


def remove_person(*, actor: Actor, organisation_id: int, person_id: int, now: datetime) -> None:
    """Show somebody no more. Raises NotAllowed, NotFound, ProfileWithdrawn."""
    with db.transaction():
        found = holding.own_profile(organisation_id, actor)
        gone, _ = ShownPerson.objects.filter(profile_id=found.pk, pk=person_id).delete()
        if not gone:
            raise NotFound(what="person")
        journal.record("profiles.person.removed", actor=actor, organisation_id=organisation_id, person_id=person_id)


def _changed(found: Profile, now: datetime) -> None:
    Profile.objects.filter(pk=found.pk).update(changed_at=now)
    if found.state == ProfileState.PUBLISHED:
        refresh([found.organisation_id])


def _drawn(picture: bytes, problems: dict[str, str]) -> list[Drawn] | None:
    if len(picture) > LARGEST_PICTURE:
        problems["picture"] = "too_large"
        return None
    try:
        return drawn(picture, widths=_WIDTHS)
    except PictureTooLarge:
        problems["picture"] = "too_large"
    except NotAPicture:
        problems["picture"] = "not_a_picture"
    return None


def _forget(digests: set[str]) -> None:
    """Remove pictures that no product shows, once that counts."""

    def _remove() -> None:
        for digest in digests - {""}:
            if not (Product.objects.filter(small=digest).exists() or Product.objects.filter(large=digest).exists()):
                files.pictures().remove(digest)

    db.on_commit(_remove)
