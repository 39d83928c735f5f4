"""Documents: taken in after their content was looked at, taken away again, forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Sum

from khaneh.domains.programmes import queries
from khaneh.domains.programmes.models import ApplicationFile, Submission
from khaneh.domains.programmes.queries.applications import store
from khaneh.domains.programmes.rules import forms
from khaneh.domains.programmes.services.applying import refuse_closed, writing
from khaneh.domains.programmes.types import FileRow, QuestionKind
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel import documents
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LARGEST = forms.LARGEST_FILE
# All documents of one application together, in bytes.
LARGEST_TOGETHER = 100 * 1024 * 1024
_FILES = ("programmes.document_files", 0)
_DRAFTS_KEPT = timedelta(days=1)


def add_file(*, actor: Actor, application_id: int, question: str, name: str, content: bytes, now: datetime) -> FileRow:
    """Take in a document in answer to a question, if it is what its name says. The same one sent again is the one that is there.

    Raises NotFound, NotAllowed, ApplicationStateRefused, CallNotOpen, Invalid (by the question's key: empty, ending, content, macros, packed,
    too_large, too_many, together).
    """
    if len(content) > LARGEST:
        raise Invalid(fields={question: "too_large"})
    clean = documents.named(name)
    try:
        media_type = documents.recognised(clean, content)
    except documents.NotAccepted as error:
        raise Invalid(fields={question: str(error)}) from error
    with db.transaction():
        found, call = writing(actor, application_id)
        refuse_closed(call, now, early=False)
        asked = queries.form(found.form_id).question(question)
        if asked is None or asked.kind is not QuestionKind.FILE:
            raise NotFound(what="question")
        if asked.most is not None and len(content) > asked.most:
            raise Invalid(fields={question: "too_large"})
        db.lock(_FILES)
        blob = store().put([content])
        there = ApplicationFile.objects.filter(application_id=application_id, removed_at__isnull=True)
        again = there.filter(question=question, digest=blob.digest).first()
        if again is None:
            if there.filter(question=question).count() >= forms.MOST_FILES:
                raise Invalid(fields={question: "too_many"})
            together = there.aggregate(size=Sum("size"))["size"] or 0
            if together + blob.size > LARGEST_TOGETHER:
                raise Invalid(fields={question: "together"})
            again = ApplicationFile.objects.create(
                application_id=application_id, question=question, name=clean, media_type=media_type,
                digest=blob.digest, size=blob.size, added_by_id=actor.account_id, added_at=now,
            )  # fmt: skip
            journal.record(
                "programmes.document.added", actor=actor, house_id=call.house_id, application_id=application_id
            )
    return next(one for one in queries.files_of(application_id) if one.id == again.pk)


def remove_file(*, actor: Actor, application_id: int, file_id: int, now: datetime) -> None:
    """Take a document out of what is written. What was handed in keeps it. Raises as `add_file`."""
    with db.transaction():
        found, call = writing(actor, application_id)
        refuse_closed(call, now, early=False)
        row = ApplicationFile.objects.filter(pk=file_id, application_id=application_id, removed_at__isnull=True).first()
        if row is None:
            raise NotFound(what="document")
        if found.version and row.digest in handed_in(application_id):
            ApplicationFile.objects.filter(pk=file_id).update(removed_at=now)
        else:
            row.delete()
            jobs.defer("programmes.forget_documents", digests=[row.digest])
        journal.record(
            "programmes.document.removed", actor=actor, house_id=call.house_id, application_id=application_id
        )


def handed_in(application_id: int) -> set[str]:
    """The digests of the documents of all that was handed in. One statement."""
    contents = Submission.objects.filter(application_id=application_id).values_list("content", flat=True)
    return {
        file["digest"] for content in contents for files in (content or {}).get("files", {}).values() for file in files
    }


def forget_documents(digests: Iterable[str]) -> int:
    """Remove the files of documents that no application names any more. Gives how many."""
    wanted = set(digests)
    with db.transaction():
        db.lock(_FILES)
        named = set(ApplicationFile.objects.filter(digest__in=wanted).values_list("digest", flat=True))
        return sum(store().remove(digest) for digest in wanted - named)


def tidy_documents() -> int:
    """Remove what was left by whoever was interrupted: files that no application names, and halves of files. Gives how many."""
    return forget_documents(store().digests()) + store().remove_drafts(older_than=_DRAFTS_KEPT)
