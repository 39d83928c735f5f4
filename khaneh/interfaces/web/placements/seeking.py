"""One's own search for work: the profile and who sees it, offers, vacancies that fit. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.placements import queries, services
from khaneh.domains.placements.types import (
    LEVELS,
    OPEN_PLACEMENTS,
    VACANCY_KINDS,
    Mastered,
    PlacementRow,
    PlacementState,
    SeekerDraft,
    SeekerRow,
    VacancyKind,
)
from khaneh.domains.qualifications import queries as qualifications
from khaneh.interfaces.web.placements import rows, stating, wording
from khaneh.interfaces.web.placements.public import line
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

_DISTANCES = (5, 10, 20, 30, 50, 100, 200)


@login_required
@never_cache
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Offers first, then who sees the profile, then what fits. About thirty statements."""
    actor, now = actor_of(request), timezone.now()
    account_id = actor.account_id or 0
    seeker = queries.seeker_of(account_id, actor=actor)
    placements = queries.placements_of(account_id, actor=actor)
    # What they were offered, or where they work, stands above.
    taken = {row.vacancy_id for row in placements if row.state in OPEN_PLACEMENTS}
    found = queries.openings(account_id, actor=actor, now=now)
    openings = [one for one in found if one.vacancy.id not in taken]
    known = wording.names([*(one.match for one in placements), *(one.match for one in openings)])
    held = qualifications.held_by(account_id, at=now)
    context = {
        "section": "work",
        "seeker": seeker,
        "asked": queries.asked_on(account_id, now) is not None,
        "said": [stating.said(one) for one in queries.statements_of(account_id, actor=actor) if one.stands][:1],
        "levels": [(skill, LEVELS[level]) for skill, level in seeker.skills] if seeker else [],
        "kinds": [VACANCY_KINDS[kind] for kind in seeker.kinds] if seeker else [],
        "held": [(known.qualifications[code], until) for code, until in held.items() if code in known.qualifications],
        "offers": [_placement(row, known) for row in placements],
        "openings": [
            {
                **line(one.vacancy),
                "match": one.match,
                "pieces": wording.pieces(one.match, known),
                "interested": one.interested,
            }
            for one in openings
        ],
    }
    return render(request, "placements/work.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What one can do, what one looks for and where. Saving shows it to nobody."""
    actor = actor_of(request)
    seeker = queries.seeker_of(actor.account_id or 0, actor=actor)
    wrong: dict[str, Any] = {}
    draft = _stored(seeker)
    if request.method == "POST":
        draft = _draft(request)
        try:
            services.save_profile(actor=actor, draft=draft, now=timezone.now())
        except Invalid as refusal:
            wrong = wording.facts_of(refusal)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("account-work")
    context = {
        "section": "work",
        "draft": draft,
        "wrong": wrong,
        "kinds": [(code.value, label, code in draft.kinds) for code, label in VACANCY_KINDS.items()],
        "distances": sorted({*_DISTANCES, draft.km}),
        "regions": region_choices(draft.region_code),
        "skill_lines": rows.skill_lines(draft.skills),
        "skills": rows.skill_choices(),
        "levels": rows.level_choices(),
    }
    return render(request, "placements/profile.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Show the profile to employers, hide it, or delete it. Sent twice it is one."""
    actor, now, act = actor_of(request), timezone.now(), request.POST.get("act", "")
    try:
        if act == "give" and request.POST.get("sure") == "1":
            services.give_consent(actor=actor, now=now)
            messages.success(request, _("Employers whose vacancies fit see your profile, without your name."))
        elif act == "give":
            messages.error(request, _("Please tick the box: nobody sees your profile without your consent."))
        elif act == "withdraw":
            services.withdraw_consent(actor=actor, now=now)
            messages.success(request, _("Nobody sees your profile any more. Open offers have ended with it."))
        elif act == "forget":
            services.forget_profile(actor=actor, now=now)
            messages.success(request, _("Your profile is deleted."))
    except NotFound:
        messages.info(request, _("There is no profile. Write one first."))
    return redirect("account-work")


@login_required
@require_POST
def answer(request: HttpRequest, placement_id: int) -> HttpResponse:
    """Take an offer, or decline it. Sent twice, the second is told how it stands."""
    actor, now = actor_of(request), timezone.now()
    try:
        if request.POST.get("act") == "accept":
            services.accept(actor=actor, placement_id=placement_id, now=now)
            messages.success(request, _("You have accepted. The employer knows your name and address now."))
        else:
            services.decline(actor=actor, placement_id=placement_id, now=now)
            messages.success(request, _("You have declined."))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")
    return redirect("account-work")


def _placement(row: PlacementRow, known: wording.Names) -> dict[str, Any]:
    return {
        "row": row,
        "kind": wording.kind(row),
        "state": wording.state(row),
        "tone": wording.TONES.get(row.state, ""),
        "open": row.state is PlacementState.OFFERED,
        "may_leave": row.state is PlacementState.ACCEPTED,
        "pieces": wording.pieces(row.match, known) if row.match and row.state is PlacementState.OFFERED else [],
    }


def _stored(seeker: SeekerRow | None) -> SeekerDraft:
    if seeker is None:
        return SeekerDraft(kinds=(VacancyKind.JOB,))
    return SeekerDraft(
        region_code=seeker.regions[-1].code if seeker.regions else "",
        km=seeker.km,
        kinds=seeker.kinds,
        remote=seeker.remote,
        about=seeker.about,
        skills=tuple(Mastered(skill.code, level) for skill, level in seeker.skills),
    )


def _draft(request: HttpRequest) -> SeekerDraft:
    km = latin_digits(request.POST.get("km", ""))
    wanted = request.POST.getlist("kind")
    return SeekerDraft(
        region_code=request.POST.get("region", "")[:80],
        km=int(km) if km.isdecimal() and len(km) < 5 else -1,
        kinds=tuple(kind for kind in VacancyKind if kind.value in wanted),
        remote=request.POST.get("remote") == "1",
        about=request.POST.get("about", "").strip(),
        skills=rows.mastered(request.POST),
    )
