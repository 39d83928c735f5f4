"""Profiles and what is assumed of a source, as librarians set them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from khaneh.domains.catalogue import permissions
from khaneh.domains.catalogue.errors import EncodingUnknown, ProfileInUse, ProfileInvalid, UnknownSource
from khaneh.domains.catalogue.models import Profile, Source
from khaneh.domains.catalogue.queries.sources import profile, profile_rules
from khaneh.domains.catalogue.rules.intake.profile import BUILTIN, RuleError, compiled
from khaneh.domains.catalogue.types import ProfileRow
from khaneh.formats.marc.encodings import ENCODINGS
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")


def save_profile(*, actor: Actor, name: str, label: Label, rules: Mapping[str, Any], now: datetime) -> ProfileRow:
    """Make or change a profile. Imports that run keep the rules they began with.

    Raises NotAllowed, ProfileInUse for a ready-made one, ProfileInvalid with the place and the reason.
    """
    permissions.require_profiles(actor)
    if name in BUILTIN:
        raise ProfileInUse(name=name)
    if not _NAME.fullmatch(name):
        raise ProfileInvalid(where="name", why="not letters, digits and hyphens")
    try:
        compiled(rules)
    except RuleError as error:
        raise ProfileInvalid(where=error.where, why=error.why) from error
    with db.transaction():
        Profile.objects.update_or_create(
            name=name, defaults={"names": label.to_dict(), "rules": dict(rules), "changed_at": now}
        )
        journal.record("catalogue.profile.saved", actor=actor, name=name, rules=dict(rules))
    return profile(name)


def set_source(
    *, actor: Actor, code: str, profile: str | None = None, encoding: str | None = None, dialect: str | None = None
) -> None:
    """Say how a source's files are read where nobody says otherwise. Raises UnknownSource, NotAllowed, EncodingUnknown."""
    with db.transaction():
        source = Source.objects.select_for_update(of=("self",)).filter(code=code).first()
        if source is None:
            raise UnknownSource(what="source", code=code)
        permissions.require_import(actor, house_id=source.house_id)
        if profile is not None:
            profile_rules(profile)
            source.profile = profile
        if encoding is not None:
            if encoding and encoding not in ENCODINGS:
                raise EncodingUnknown(encoding=encoding)
            source.encoding = encoding
        if dialect is not None:
            if dialect not in ("", "marc21", "unimarc"):
                raise UnknownSource(what="dialect", code=dialect)
            source.dialect = dialect
        source.save(update_fields=["profile", "encoding", "dialect"])
        journal.record(
            "catalogue.source.set",
            actor=actor,
            house_id=source.house_id,
            source=code,
            profile=source.profile,
            encoding=source.encoding,
            dialect=source.dialect,
        )
