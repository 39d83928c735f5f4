"""What a course is taught with: links, and files that are looked at before they are kept. By who keeps the course, and by its teachers.

A file is kept by its content in a folder of the courses' own, and goes when no course names it any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Sum

from khaneh.domains.learning import permissions
from khaneh.domains.learning.models import Course, Material
from khaneh.domains.learning.queries.files import store
from khaneh.domains.learning.rules import drafts
from khaneh.domains.learning.types import LARGEST_FILE, CourseState
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel import documents
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

MOST_MATERIALS = 100
# All files of one course together, in bytes.
LARGEST_TOGETHER = 500 * 1024 * 1024
_FILES = ("learning.files", 0)
_DRAFTS_KEPT = timedelta(days=1)


def add_material(*, actor: Actor, code: str, names: Label, url: str, now: datetime, public: bool = False) -> int:
    """Add a link. Gives its number. Raises NotAllowed, NotFound, Invalid (names, url)."""
    with db.transaction():
        found = _held(actor, code)
        wrong = drafts.name_problems(names)
        if not drafts.is_address(url):
            wrong["url"] = "format"
        if _count(found) >= MOST_MATERIALS:
            wrong["names"] = "too_many"
        if wrong:
            raise Invalid(fields=wrong)
        return _added(actor, found, Material(names=names.to_dict(), url=url, public=public, added_at=now))


def add_file(
    *, actor: Actor, code: str, names: Label, name: str, content: bytes, now: datetime, public: bool = False
) -> int:
    """Add a file, if it is what its `name` says; without `names` it is called by that. The same one again is the one that is there.

    Gives its number. Raises NotAllowed, NotFound, Invalid (names; file: empty, ending, content, macros, packed, too_large, together).
    """
    if len(content) > LARGEST_FILE:
        raise Invalid(fields={"file": "too_large"})
    clean = documents.named(name)
    names = names if any(names) else Label(clean.rpartition(".")[0][:300], "", "")
    wrong = drafts.name_problems(names)
    try:
        media_type = documents.recognised(clean, content)
    except documents.NotAccepted as error:
        raise Invalid(fields={**wrong, "file": str(error)}) from error
    with db.transaction():
        found = _held(actor, code)
        there = Material.objects.filter(course_id=found.pk).exclude(digest="")
        if _count(found) >= MOST_MATERIALS:
            wrong["names"] = "too_many"
        if (there.aggregate(size=Sum("size"))["size"] or 0) + len(content) > LARGEST_TOGETHER:
            wrong["file"] = "together"
        if wrong:
            raise Invalid(fields=wrong)
        # Whoever forgets files holds the same lock, and sees this one named.
        db.lock(_FILES)
        blob = store().put([content])
        again = (
            there.filter(digest=blob.digest, names=names.to_dict(), public=public).values_list("pk", flat=True).first()
        )
        if again is not None:
            return again
        made = Material(
            names=names.to_dict(),
            digest=blob.digest,
            media_type=media_type,
            size=blob.size,
            public=public,
            added_at=now,
        )
        return _added(actor, found, made)


def remove_material(*, actor: Actor, material_id: int, now: datetime) -> None:
    """Take it away; a file that no course names any more goes. Raises NotAllowed, NotFound."""
    with db.transaction():
        seen = Material.objects.filter(pk=material_id).values_list("course__code", "digest").first()
        if seen is None:
            raise NotFound(what="material")
        found = _held(actor, seen[0])
        Material.objects.filter(pk=material_id).delete()
        if seen[1]:
            jobs.defer("learning.forget_files", digests=[seen[1]])
        journal.record(
            "learning.material.removed", actor=actor, house_id=found.house_id, course_id=found.pk, material_id=material_id
        )  # fmt: skip


def forget_files(digests: Iterable[str]) -> int:
    """Remove the files of these contents which no course names. Gives how many."""
    wanted = set(digests)
    with db.transaction():
        db.lock(_FILES)
        named = set(Material.objects.filter(digest__in=wanted).values_list("digest", flat=True))
        return sum(store().remove(one) for one in sorted(wanted - named))


def tidy_files() -> int:
    """Remove what was left by whoever was interrupted: files that no course names, and halves of files. Gives how many."""
    return forget_files(store().digests()) + store().remove_drafts(older_than=_DRAFTS_KEPT)


def _added(actor: Actor, course: Course, made: Material) -> int:
    made.course_id = course.pk
    made.save()
    journal.record(
        "learning.material.added", actor=actor, house_id=course.house_id, course_id=course.pk, material_id=made.pk
    )
    return made.pk


def _count(course: Course) -> int:
    return Material.objects.filter(course_id=course.pk).count()


def _held(actor: Actor, code: str) -> Course:
    """The course, held until the transaction ends, for who may furnish it. Raises NotFound, NotAllowed."""
    found = Course.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise NotFound(what="course")
    if not permissions.may_furnish(actor, found):
        raise NotFound(what="course") if found.state == CourseState.DRAFT else NotAllowed(act="learning.keep")
    return found
