"""An assessment at the desk: filled in item by item, with photographs, submitted; afterwards read. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.founding import queries, services
from khaneh.domains.founding.types import AssessmentRow, AssessmentState, ScoreDraft, StandardRow
from khaneh.infrastructure.pictures import ENCODED
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.gate import FOUNDING, staffed
from khaneh.interfaces.web.desk.templatetags.desk import size as size_of
from khaneh.interfaces.web.desk.uploads import LimitedUpload
from khaneh.interfaces.web.founding import wording
from khaneh.interfaces.web.founding.public import parts_of
from khaneh.interfaces.web.founding.standards import crumbs
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, Refusal

_SIZES = ("small", "large")


@staffed(FOUNDING)
@csrf_exempt  # only until the handler stands that keeps the limit: `_assessment` checks the token before anything is done
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """One; a post saves what is filled in, and then adds a photograph, takes one out, submits or gives up."""
    limited = LimitedUpload(services.LARGEST_UPLOAD)
    request.upload_handlers.insert(0, limited)
    return _assessment(request, assessment_id, limited)


@csrf_protect
def _assessment(request: HttpRequest, assessment_id: int, limited: LimitedUpload) -> HttpResponse:
    actor = actor_of(request)
    row = queries.assessment(assessment_id, actor=actor)
    standard = queries.with_items([row.standard_id])[row.standard_id]
    problem, lacking = "", set[str]()
    if request.method == "POST":
        if limited.refused:
            problem = _("The picture is larger than %s and was not read.") % size_of(services.LARGEST_UPLOAD)
        else:
            try:
                return _act(request, actor, row, standard)
            except NotAllowed:
                raise
            except Invalid as refusal:
                problem = " ".join(sorted({wording.wrong(one) for one in refusal.facts.get("fields", {}).values()}))
            except Refusal as refusal:
                problem, lacking = wording.sentence(refusal), set(refusal.facts.get("items", ()))
        row = queries.assessment(assessment_id, actor=actor)
    given = {one.item_id: one for one in row.scores}
    writes = row.state is AssessmentState.DRAFTED and actor.account_id == row.assessor_id
    context = {
        "section": "founding",
        "row": row,
        "standard": standard,
        "writes": writes,
        "share": wording.share(row.permille),
        "tone": wording.tone(row.state),
        "parts": [
            (
                part,
                [
                    {
                        "item": item,
                        "given": given.get(item.id),
                        "scores": range(item.scale, -1, -1),
                        "photos": [one for one in row.photos if one.item_id == item.id],
                        "lacking": item.code in lacking,
                    }
                    for item in part.items
                ],
            )
            for part in parts_of(standard)
        ],
        "other_photos": [one for one in row.photos if one.item_id is None],
        "filled": len(row.scores),
        "problem": problem,
        "crumbs": crumbs(row.house.names.pick(reader.current().language), _("Assessment")),
    }
    return render(request, "founding/desk_assessment.html", context, status=422 if problem else 200)


def _act(request: HttpRequest, actor: Actor, row: AssessmentRow, standard: StandardRow) -> HttpResponse:
    """What a button does; whatever it is, what is filled in is kept first. Raises Refusal."""
    act = str(request.POST.get("act", ""))
    here = reverse("desk-assessment", args=[row.id])
    if act == "give_up":
        services.give_up(actor=actor, assessment_id=row.id)
        messages.success(request, _("The assessment is given up."))
        return redirect("desk-founding")
    services.save_scores(
        actor=actor, assessment_id=row.id, scores=_scores(request, standard), summary=request.POST.get("summary", "")
    )
    if act == "save":
        messages.success(request, _("Saved. You can go on at any time."))
        return redirect(here)
    if act == "submit":
        services.submit(actor=actor, assessment_id=row.id, now=timezone.now())
        messages.success(request, _("The assessment is submitted."))
        if row.proposal_id:
            return redirect("desk-founding-proposal", proposal_id=row.proposal_id)
        return redirect("passport", code=row.house.code)
    if act.startswith("photo-") and act[6:].isdecimal():
        item_id = int(act[6:])
        upload = request.FILES.get(f"photo-{item_id}")
        services.add_photo(
            actor=actor, assessment_id=row.id, content=upload.read() if upload else b"",
            alt=request.POST.get(f"alt-{item_id}", ""), item_id=item_id or None, now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The photograph is added."))
        return redirect(f"{here}#item-{item_id}")
    if act.startswith("remove-") and act[7:].isdecimal():
        services.remove_photo(actor=actor, photo_id=int(act[7:]))
        messages.success(request, _("The photograph is taken out."))
        return redirect(here)
    raise BadRequest


def _scores(request: HttpRequest, standard: StandardRow) -> list[ScoreDraft]:
    found = []
    for item in standard.items:
        score, note = str(request.POST.get(f"score-{item.id}", "")), str(request.POST.get(f"note-{item.id}", ""))
        if score.isdecimal() and len(score) < 4:
            found.append(ScoreDraft(item.id, int(score), note))
    return found


@staffed(FOUNDING)
@require_safe
def photo(request: HttpRequest, photo_id: int, version: str, size: str) -> HttpResponse:
    """One photograph, for whoever may see its assessment."""
    if size not in _SIZES:
        raise Http404
    content: Any = queries.picture(photo_id, size, actor=actor_of(request))
    response = HttpResponse(content, content_type=ENCODED)
    # Packed already.
    response["Content-Encoding"] = "identity"
    return response
