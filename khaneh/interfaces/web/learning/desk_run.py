"""One run at the desk: who has a seat, asks and waits; who came, who passed; and everything that is done there. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.learning import permissions, queries, services
from khaneh.domains.learning.types import LARGEST_FILE, Channel, EnrolmentState, MeetingRow, Roster, RunRow, RunState
from khaneh.interfaces.web import clocks, phrases, reader
from khaneh.interfaces.web.desk import once, persons
from khaneh.interfaces.web.learning import wording
from khaneh.interfaces.web.learning.desk import crumbs
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.kernel import documents
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Refusal

_LIVE = (RunState.OPEN, RunState.RUNNING)
# From so long before a meeting people are let in (services.attending.EARLY).
_EARLY = timedelta(hours=1)


class _Problem(Exception):
    """What was typed was not understood; the text is for the page."""


@login_required
@never_cache
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """The page, for the desk and for those who teach. A bounded number of statements, whatever the number of those who come."""
    return _page(request, run_id)


@login_required
@require_POST
def act(request: HttpRequest, run_id: int) -> HttpResponse:
    """Whatever is done to a run; what is refused is told on its page with the rule and the remedy."""
    row = queries.roster(run_id, actor=actor_of(request)).run
    clocks.follow(row.house.id)
    if (before := once.again(request)) is not None:
        return before
    done = _ACTS.get(request.POST.get("act", ""))
    if done is None:
        return redirect("desk-run-of-course", run_id)
    try:
        said, anchor = done(request, row)
    except Refusal as refusal:
        if refusal.code == "kernel.not_allowed" and str(refusal.facts.get("act", "")).startswith("learning."):
            raise
        known = " ".join(refusal.facts["known"]) if refusal.code == "learning.in_two_places" else ""
        return _page(request, run_id, refused=wording.reasons(refusal, zone=row.zone), known=known, status=409)
    except _Problem as problem:
        return _page(request, run_id, refused=[(str(problem), "")], status=422)
    messages.success(request, said)
    return once.led_to(request, reverse("desk-run-of-course", args=[run_id]) + anchor)


def _page(request: HttpRequest, run_id: int, *, refused: Any = (), known: str = "", status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    roster = queries.roster(run_id, actor=actor)
    row = roster.run
    clocks.follow(row.house.id)
    plans = permissions.may_plan(actor, house_id=row.house.id)
    leads = plans or permissions.may_lead(actor, run_id=run_id, house_id=row.house.id)
    at_hand = _at_hand(request, row)
    given = {one.enrolment_id: one for one in queries.certificates_of_run(run_id, actor=actor)} if plans else {}
    context: dict[str, Any] = {
        "section": "courses",
        "run": row,
        "course": row.course,
        "plans": plans,
        "leads": leads,
        "refused": [(one[0], one[1]) for one in refused],
        "can_open": plans and row.state is RunState.PLANNED,
        "can_cancel": plans and row.state in (RunState.PLANNED, *_LIVE),
        "can_enrol": permissions.may_desk(actor, house_id=row.house.id) and row.state in _LIVE and row.ends > now,
        "can_scan": row.state in _LIVE and at_hand is not None and now >= at_hand.starts - _EARLY,
        "can_assess": leads and row.course.pass_mark is not None and row.state in _LIVE,
        "can_finish": leads and row.state in _LIVE and bool(row.meetings) and row.meetings[-1].starts <= now,
        "lost": queries.rooms_instead(run_id, actor=actor, now=now),
        "at_hand": at_hand,
        "came": _came(request, roster, at_hand),
        "lines": [
            (one, at_hand is not None and at_hand.number in one.meetings, given.get(one.id)) for one in roster.seated
        ],
        "requested": [one for one in roster.asking if one.state is EnrolmentState.REQUESTED],
        "waiting": [one for one in roster.asking if one.state is not EnrolmentState.REQUESTED],
        "ended": roster.ended,
        "outcome": _outcome(roster) if row.state is RunState.FINISHED else [],
        "once": once.key(),
        "furnishes": leads and row.state in (RunState.PLANNED, *_LIVE),
        "materials": queries.materials(run_id, actor=actor),
        "languages": list(reader.LANGUAGES.items()),
        "largest_file": LARGEST_FILE,
        "endings": ",".join(documents.ENDINGS),
        "act_url": reverse("desk-run-act", args=[run_id]),
        "who": request.POST.get("who", "") if status != 200 else "",
        "known": known,
        "account": asking.whole(request.POST.get("account")),
        "persons": _persons(request) if status != 200 else [],
        "crumbs": crumbs(row.course, (wording.when(row), "")),
    }
    return render(request, "learning/desk/run.html", context, status=status)


def _outcome(roster: Roster) -> list[tuple[str, int]]:
    """How many of a run that is over completed it, did not, did not come: each in words."""
    states = [one.state for one in roster.seated]
    judged = (EnrolmentState.COMPLETED, EnrolmentState.FAILED, EnrolmentState.NO_SHOW)
    return [(wording.enrolment_state(one), states.count(one)) for one in judged]


def _came(request: HttpRequest, roster: Roster, meeting: MeetingRow | None) -> str:
    """The name of who was scanned last, where they are written down for the meeting that is looked at."""
    number = asking.whole(request.GET.get("came"))
    there = (
        one for one in roster.seated if one.id == number and meeting is not None and meeting.number in one.meetings
    )
    return next((one.name for one in there), "")


def _at_hand(request: HttpRequest, row: RunRow) -> MeetingRow | None:
    """The meeting that is looked at: the one named, else the one that is on or was last."""
    named = asking.whole(request.POST.get("meeting") or request.GET.get("meeting"))
    now = timezone.now()
    for one in row.meetings:
        if one.number == named:
            return one
    begun = [one for one in row.meetings if one.starts - _EARLY <= now]
    return begun[-1] if begun else next(iter(row.meetings), None)


def _persons(request: HttpRequest) -> list[persons.Person]:
    """Where several answer to what was typed, to choose from."""
    typed = request.POST.get("who", "").strip()
    found = persons.found(actor_of(request), typed) if typed and request.POST.get("act") == "enrol" else []
    return found if len(found) > 1 else []


def _open(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    services.open_run(actor=actor_of(request), run_id=row.id, now=timezone.now())
    return _("It is open: everybody can enrol."), ""


def _cancel(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    services.cancel_run(
        actor=actor_of(request), run_id=row.id, reason=request.POST.get("reason", "")[:2000], now=timezone.now()
    )
    return _("Cancelled. Everybody is told, and the rooms are free."), ""


def _finish(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    done = services.finish_run(actor=actor_of(request), run_id=row.id, now=timezone.now())
    said = _("Finished: %(completed)s completed it, %(failed)s did not, %(absent)s did not come.")
    figures = {"completed": done.completed, "failed": done.failed, "absent": done.no_shows}
    return said % {name: phrases.number(value) for name, value in figures.items()}, "#certificates"


def _room(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    space, meeting = asking.whole(request.POST.get("space")), asking.whole(request.POST.get("meeting"))
    if space is None or meeting is None:
        raise _Problem(_("Choose a room."))
    services.replace_room(
        actor=actor_of(request), run_id=row.id, meeting=meeting, space_ids=[space], now=timezone.now()
    )
    return _("The room is booked. Everybody is told."), ""


def _scan(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    """A card or the code of an enrolment, whichever it is."""
    scanned, meeting = request.POST.get("scan", "").strip()[:100], _at_hand(request, row)
    if not scanned or meeting is None:
        raise _Problem(_("Scan a card or a code."))
    facts: dict[str, Any] = {
        "actor": actor_of(request), "run_id": row.id, "meeting": meeting.number, "now": timezone.now(),
    }  # fmt: skip
    try:
        came = services.record_attendance(code=scanned, **facts)
    except Refusal as refusal:
        if refusal.code != "learning.not_on_the_list":
            raise
        came = services.record_attendance(card=scanned, **facts)
    said = _("%(name)s was written down already.") if came.again else _("%(name)s is here.")
    # To the field again, for the next card; who has come stands above it, where the page begins on a telephone.
    return said % {"name": came.name}, f"?meeting={meeting.number}&came={came.enrolment_id}#scan"


def _here(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    meeting = _at_hand(request, row)
    account = asking.whole(request.POST.get("account"))
    if meeting is None or account is None:
        raise _Problem(_("Choose a person."))
    came = services.record_attendance(
        actor=actor_of(request), run_id=row.id, meeting=meeting.number, now=timezone.now(), account_id=account
    )
    return _("%(name)s is here.") % {"name": came.name}, f"#e{came.enrolment_id}"


def _not_here(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    meeting, enrolment = _at_hand(request, row), _enrolment(request)
    services.undo_attendance(
        actor=actor_of(request), run_id=row.id, meeting=meeting.number if meeting is not None else 0,
        enrolment_id=enrolment, now=timezone.now(),
    )  # fmt: skip
    return _("Taken back."), f"#e{enrolment}"


def _assess(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    score = asking.whole(request.POST.get("score"))
    if score is None or not 0 <= score <= 100:
        raise _Problem(_("This is not a score. It is a number from 0 to 100."))
    enrolment = _enrolment(request)
    services.assess(
        actor=actor_of(request), enrolment_id=enrolment, now=timezone.now(), score=score,
        note=request.POST.get("note", "")[:2000],
    )  # fmt: skip
    return _("The result is kept."), f"#e{enrolment}"


def _approve(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    services.approve(actor=actor_of(request), enrolment_id=_enrolment(request), now=timezone.now())
    return _("Approved."), ""


def _refuse(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    services.refuse(
        actor=actor_of(request), enrolment_id=_enrolment(request), reason=request.POST.get("reason", "")[:2000],
        now=timezone.now(),
    )  # fmt: skip
    return _("Refused."), ""


def _withdraw(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    services.withdraw(
        actor=actor_of(request), enrolment_id=_enrolment(request), now=timezone.now(),
        reason=request.POST.get("reason", "")[:2000],
    )  # fmt: skip
    return _("Withdrawn. Whoever waits has the seat now."), ""


def _revoke(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    number, actor = asking.whole(request.POST.get("certificate")), actor_of(request)
    # Those of this run, so that what was revoked is on the page to which one comes back.
    found = next((one for one in queries.certificates_of_run(row.id, actor=actor) if one.id == number), None)
    if found is None:
        raise _Problem(_("Choose a person."))
    services.revoke_certificate(
        actor=actor, certificate_id=found.id, reason=request.POST.get("reason", "")[:2000], now=timezone.now()
    )
    return _("The certificate is taken back: its page says so, and its holder is told why."), f"#e{found.enrolment_id}"


def _enrol(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    typed = request.POST.get("who", "").strip()[:200]
    if not typed:
        raise _Problem(_("Say whom: a card, a name or an e-mail address."))
    found = persons.found(actor_of(request), typed)
    chosen = persons.picked(found, asking.whole(request.POST.get("account")))
    why = persons.problem(found, chosen)
    if why:
        raise _Problem(why)
    if chosen is None:
        raise _Problem(_("Several people answer to that: choose one."))
    done = services.enrol(
        actor=actor_of(request), run_id=row.id, now=timezone.now(), account_id=chosen.account_id, channel=Channel.DESK,
        knowing=request.POST.get("known", "")[:2000].split(),
    )  # fmt: skip
    said = wording.enrolment_state(done.state)
    return _("%(name)s: %(state)s.") % {"name": chosen.name, "state": said}, f"#e{done.enrolment_ids[0]}"


def _add_material(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    names = Label(**{one: request.POST.get(f"names_{one}", "").strip()[:300] for one in reader.LANGUAGES})
    services.add_material(
        actor=actor_of(request), code=row.course.code, names=names, now=timezone.now(),
        url=request.POST.get("url", "").strip()[:2000], public=request.POST.get("public") == "1",
    )  # fmt: skip
    return _("Added."), "#materials"


def _remove_material(request: HttpRequest, row: RunRow) -> tuple[str, str]:
    number = asking.whole(request.POST.get("material"))
    if number is None:
        raise _Problem(_("Choose one from the list."))
    services.remove_material(actor=actor_of(request), material_id=number, now=timezone.now())
    return _("Removed."), "#materials"


def _enrolment(request: HttpRequest) -> int:
    found = asking.whole(request.POST.get("enrolment"))
    if found is None:
        raise _Problem(_("Choose a person."))
    return found


_ACTS: Mapping[str, Callable[[HttpRequest, RunRow], tuple[str, str]]] = {
    "open": _open,
    "cancel": _cancel,
    "finish": _finish,
    "room": _room,
    "scan": _scan,
    "here": _here,
    "not_here": _not_here,
    "assess": _assess,
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "enrol": _enrol,
    "revoke": _revoke,
    "material": _add_material,
    "remove": _remove_material,
}
