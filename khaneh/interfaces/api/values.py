"""Values that several answers share: names in three languages, things to link to, and how a list is paged."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from khaneh.kernel.labels import Label

Language = Literal["fa", "vi", "en"]
_LATITUDE = r"-?(90(\.0{1,9})?|[0-8]?[0-9](\.[0-9]{1,9})?)"
_LONGITUDE = r"-?(180(\.0{1,9})?|(1[0-7])?[0-9](\.[0-9]{1,9})?|[0-9]{2}(\.[0-9]{1,9})?)"
# PostgreSQL's text holds every character but NUL.
Code = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]
Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class Page(Schema):
    """Which part of a list."""

    offset: int = Field(0, ge=0, le=10_000, description="How many to leave out before the first")
    limit: int = Field(50, ge=1, le=200, description="How many at most")


class Point(Schema):
    """Where the caller is, or nowhere."""

    near: str = Field("", pattern=f"^({_LATITUDE},{_LONGITUDE})?$", description="latitude,longitude: nearest first")

    def pair(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees."""
        latitude, _, longitude = self.near.partition(",")
        return (float(latitude), float(longitude)) if longitude else None


class Names(Schema):
    """One name in Persian, Vietnamese and English; a language may be empty."""

    fa: str
    vi: str
    en: str

    @classmethod
    def of(cls, label: Label) -> Names:
        """From the kernel's own."""
        return cls(fa=label.fa, vi=label.vi, en=label.en)


class Reference(Schema):
    """A thing to look up by its code."""

    code: str
    names: Names


class Listed(Schema):
    """A value of a controlled list: its stable code and its name."""

    code: str
    names: Names
