"""Files among a course's materials, sent by who keeps or teaches it. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from khaneh.domains.learning import services
from khaneh.domains.learning.types import LARGEST_FILE
from khaneh.interfaces.web.desk import once
from khaneh.interfaces.web.desk.uploads import LimitedUpload
from khaneh.interfaces.web.learning import wording
from khaneh.interfaces.web.reader import LANGUAGES
from khaneh.interfaces.web.reasons import line
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, Refusal


@login_required
@csrf_exempt  # only until the handler stands that keeps the limit: `_take_in` checks the token before anything is done
@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file in; then back to the course, or to the run from which it was sent."""
    limited = LimitedUpload(LARGEST_FILE)
    request.upload_handlers.insert(0, limited)
    return _take_in(request, code, limited)


@csrf_protect
def _take_in(request: HttpRequest, code: str, limited: LimitedUpload) -> HttpResponse:
    run_id = asking.whole(request.POST.get("run"))
    back = (
        reverse("desk-run-of-course", args=[run_id]) if run_id and run_id > 0 else reverse("desk-course", args=[code])
    )
    if (before := once.again(request)) is not None:
        return before
    sent = request.FILES.get("file")
    names = Label(**{one: request.POST.get(f"names_{one}", "").strip()[:300] for one in LANGUAGES})
    try:
        if limited.refused or sent is None:
            raise Invalid(fields={"file": "too_large" if limited.refused else "required"})
        services.add_file(
            actor=actor_of(request), code=code, names=names, name=sent.name or "", content=sent.read(), now=timezone.now(),
            public=request.POST.get("public") == "1",
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code in ("kernel.not_allowed", "kernel.not_found"):
            raise
        why = wording.file_problem(refusal) if isinstance(refusal, Invalid) else ""
        messages.error(request, why or line(wording.reasons(refusal)))
    else:
        messages.success(request, _("Added."))
    return once.led_to(request, back + "#materials")
