"""What spaces, courses, events, placements, programmes, profiles, selections, residencies and the exchange refuse, in words, each with what would change it: one
table by code, from which pages and the REST interface read. Read when a refusal is told, never before.

A page that knows more of the circumstances says more: its own package (`web/*/wording.py`) has sentences with names, times and numbers for some of
these codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _


class Said(NamedTuple):
    """The words, and what would help; that may be nothing."""

    message: str
    remedy: str = ""


def said(code: str, facts: Mapping[str, Any]) -> Said | None:
    """What a refusal says; None for one of other domains."""
    if code == "learning.wrong_times":
        why = _MEETINGS.get(str(facts.get("why")), lambda: _("The times cannot be."))
        return Said(why(), _("Correct the times."))
    if code == "events.not_open":
        return not_open(str(facts.get("why")))
    if code == "programmes.call_not_open":
        return _NO_CALL.get(str(facts.get("why")), _NO_CALL["state"])()
    return _SAID[code]() if code in _SAID else None


def not_open(why: str) -> Said:
    """Why nobody can register for an event."""
    return _NOT_OPEN.get(why, _NOT_OPEN["state"])()


def has_words(code: str) -> bool:
    """Whether a code has words here."""
    return code in _SAID or code in ("learning.wrong_times", "events.not_open", "programmes.call_not_open")


_MEETINGS: Mapping[str, Callable[[], str]] = {
    "none": lambda: _("There is no meeting."),
    "not_after_start": lambda: _("A meeting ends before it begins."),
    "past": lambda: _("A meeting lies in the past."),
    "overlap": lambda: _("Two meetings are at the same time."),
    "too_many": lambda: _("There are too many meetings."),
    "too_long": lambda: _("A meeting is longer than a day."),
}
_NOT_OPEN: Mapping[str, Callable[[], Said]] = {
    "state": lambda: Said(_("Nobody can register for it at present."), _("Look for another event.")),
    "too_early": lambda: Said(_("Registration has not begun."), _("Come back then.")),
    "closed": lambda: Said(_("Registration is over."), _("Ask the house whether there is still a place.")),
    "just_come": lambda: Said(_("Nobody needs to register for it."), _("Just come.")),
}
_NO_CALL: Mapping[str, Callable[[], Said]] = {
    "early": lambda: Said(_("The call is not open yet."), _("Your draft is kept; hand it in when the call opens.")),
    "late": lambda: Said(
        _("The deadline is over."), _("What was handed in before it counts. Look at the other calls.")
    ),
    "state": lambda: Said(_("Nobody can apply to this call."), _("Look at the other calls.")),
}
_SAID: Mapping[str, Callable[[], Said]] = {
    "programmes.code_taken": lambda: Said(_("Another programme has this code."), _("Choose another code.")),
    "programmes.call_state_refused": lambda: Said(
        _("The call is at another stage already."), _("Look how it stands; perhaps a colleague was quicker.")
    ),
    "programmes.form_missing": lambda: Said(
        _("The call has no published form."), _("Make its form and publish it first.")
    ),
    "programmes.changed_meanwhile": lambda: Said(
        _("Somebody else has saved in the meantime."), _("Look at what is there, then save again.")
    ),
    "programmes.state_refused": lambda: Said(
        _("The application does not take this step."), _("Look how it stands; perhaps a colleague was quicker.")
    ),
    "programmes.not_complete": lambda: Said(
        _("Something is missing or does not count yet."), _("It stands below.")
    ),
    "programmes.in_the_team_already": lambda: Said(_("They are in the team, or invited, already.")),
    "profiles.withdrawn": lambda: Said(_("The organisation has withdrawn."), _("Let it come back first.")),
    "profiles.not_publishable": lambda: Said(
        _("It says in no language what you make or do."), _("Write that first.")
    ),
    "learning.code_taken": lambda: Said(_("Another course has this code."), _("Choose another code.")),
    "learning.course_state_refused": lambda: Said(
        _("The course is not in a state for this."), _("Publish the course first.")
    ),
    "learning.run_state_refused": lambda: Said(_("The run is not in a state for this."), _("Look at how it stands.")),
    "learning.room_taken": lambda: Said(
        _("A room cannot be had at the time of a meeting."), _("Choose another room or time.")
    ),
    "learning.capacity_in_use": lambda: Said(_("More seats than these are taken already."), _("Leave at least as many.")),
    "learning.not_enrolling": lambda: Said(_("Nobody can enrol in it any more."), _("Choose another date.")),
    "learning.enrolled_already": lambda: Said(
        _("Somebody of you is in this run already, or waits for it."), _("See your courses.")
    ),
    "learning.too_many_people": lambda: Said(
        _("It has fewer seats than people were named."), _("Come with fewer, or ask the house for a run of your own.")
    ),
    "learning.enrolment_ended": lambda: Said(
        _("The enrolment is over, or too far on its way for this."), _("Look at how it stands.")
    ),
    "learning.too_late_to_withdraw": lambda: Said(
        _("The time to withdraw is over."), _("Please call the house: it can still withdraw you.")
    ),
    "learning.not_on_the_list": lambda: Said(
        _("This card or code is not on the list of this run."), _("Enrol the person first, or choose another run.")
    ),
    "learning.not_yet": lambda: Said(_("It is too early for this."), _("Come back then.")),
    "learning.unassessed": lambda: Said(
        _("Some who came have no result yet."), _("Enter the results, then finish the run.")
    ),
    "learning.no_assessment": lambda: Said(
        _("The course has no assessment."), _("Being there is enough to complete it.")
    ),
    "learning.certificate_revoked": lambda: Said(_("The certificate has been taken back.")),
    "learning.requirement_ended": lambda: Said(_("It is asked of nobody any more."), _("Ask for it anew.")),
    "learning.teacher_busy": lambda: Said(
        _("A teacher is in another run at the time of a meeting."), _("Choose another teacher or time.")
    ),
    "learning.in_two_places": lambda: Said(
        _("Somebody would be in two places at once."), _("Choose another date, or say that you know it.")
    ),
    "learning.room_not_missing": lambda: Said(_("The meeting has lost no room."), _("Look at how it stands.")),
    "events.state_refused": lambda: Said(_("The event’s state does not permit it."), _("Look at how it stands.")),
    "events.fewer_than_taken": lambda: Said(
        _("More places than these are taken already."), _("Keep as many places as are taken.")
    ),
    "events.space_busy": lambda: Said(
        _("A space of the event is not free at that time."), _("Give it up first, or choose another time.")
    ),
    "events.too_many_people": lambda: Said(
        _("Fewer people come together, or at least one must."), _("Come with fewer, or ask the house.")
    ),
    "events.already_registered": lambda: Said(
        _("You have registered for it."), _("Look at your registration: you can change it there.")
    ),
    "events.registration_ended": lambda: Said(
        _("The registration is over, or too far on its way for this."), _("Look at how it stands.")
    ),
    "events.too_late_to_cancel": lambda: Said(
        _("The time to cancel is over."), _("Please call the desk of the house: it can still cancel.")
    ),
    "events.not_then": lambda: Said(_("It is too early or too late for this."), _("Come back then.")),
    "events.nobody_found": lambda: Said(
        _("Nobody has registered with this code or card."), _("Look for the name in the list, or count a guest.")
    ),
    "events.not_confirmed": lambda: Said(
        _("This registration has no place."), _("Count them as guests, if there is room.")
    ),
    "events.all_came": lambda: Said(_("All of them are checked in already.")),
    "events.list_wrong": lambda: Said(_("This list is too old or of another event."), _("Take a new list along.")),
    "events.no_room": lambda: Said(
        _("There is no room for more; your registration stays as it is."),
        _("Register those who come later by another account."),
    ),
    "events.price_not_agreed": lambda: Said(
        _("The price is another than the one that was shown."), _("Look at it, and do it again if you agree.")
    ),
    "events.approved_as_it_is": lambda: Said(_("It was approved for fewer people."), _("Ask the house for more.")),
    "placements.code_taken": lambda: Said(
        _("Another skill has this code or this address."), _("Merge the two, or choose another.")
    ),
    "placements.vacancy_not_open": lambda: Said(
        _("Nobody is looked for here at present."), _("Look at the other vacancies: some may fit as well.")
    ),
    "placements.vacancy_state_refused": lambda: Said(
        _("The vacancy is not in a state for this."), _("Look at how it stands.")
    ),
    "placements.places_taken": lambda: Said(
        _("All places are taken by now."), _("If somebody gives theirs back, it opens again.")
    ),
    "placements.fewer_places_than_taken": lambda: Said(
        _("More places than these are taken already."), _("Choose at least so many.")
    ),
    "placements.no_consent": lambda: Said(
        _("The profile is not shown to employers."), _("It can be shown again at any time, by its holder alone.")
    ),
    "placements.offered_already": lambda: Said(_("This was offered to them already."), _("Wait for their answer.")),
    "placements.state_refused": lambda: Said(
        _("It has been dealt with in the meantime."), _("Look at how it stands.")
    ),
    "placements.offer_lapsed": lambda: Said(
        _("The time to answer is over."), _("Tell the employer that you are interested: they can offer it anew.")
    ),
    "placements.statement_state_refused": lambda: Said(
        _("It is confirmed or taken back already."), _("Look at how it stands.")
    ),
    "placements.skills_differ": lambda: Said(
        _("These two do not become one."), _("Choose another skill that can be chosen, and not two that ESCO holds apart.")
    ),
    "placements.file_unreadable": lambda: Said(
        _("The file is not a table."), _("Take skills_en.csv as ESCO publishes it.")
    ),
    "spaces.booking_changed": lambda: Said(
        _("The booking was changed at this moment."), _("Look at it as it is, and try again.")
    ),
    "spaces.waiting_changed": lambda: Said(
        _("Who waits here was changed at this moment."), _("Look at it as it is, and try again.")
    ),
    "spaces.being_booked": lambda: Said(
        _("This form was sent a moment ago and is being worked on."), _("Look at your bookings: there it is in a moment.")
    ),
    "spaces.code_wrong": lambda: Said(
        _("This code does not belong to the booking."), _("The code stands on the page of the booking.")
    ),
    "spaces.nothing_to_book": lambda: Said(
        _("No day was chosen that can be booked."), _("Choose at least one of the free days.")
    ),
    "spaces.series_changed": lambda: Said(
        _("Some of the chosen days cannot be booked any more. Nothing has been booked."),
        _("Look through the days again."),
    ),
    "spaces.waiting_ended": lambda: Said(
        _("Nothing is kept for you any more."), _("Wait again, or look for another time.")
    ),
    "spaces.free_already": lambda: Said(_("It is free: nobody needs to wait."), _("Book it.")),
    "credits.unit_unknown": lambda: Said(
        _("Its price is in a credit that is given no more."), _("Please speak to the desk of the house.")
    ),
    "spaces.person_over_limit": lambda: Said(
        _("Somebody of the group has no room left in a limit of their own."),
        _("Choose another time, or come without them."),
    ),
    "networking.shared_hours_used_up": lambda: Said(
        _("So much of the shared hours is not left this month."),
        _("Choose less, or another month, or book it without the sharing."),
    ),
    "networking.sharing_not_for_this": lambda: Said(
        _("The sharing is not for this place, this day, or for you."), _("Book it as everybody does.")
    ),
    "placements.not_due_yet": lambda: Said(_("They have not worked there for so long."), _("Come back then.")),
    "residencies.state_refused": lambda: Said(
        _("It has been dealt with in the meantime."), _("Look at how it stands: the page shows it as it is.")
    ),
    "residencies.already_resident": lambda: Said(
        _("This organisation has a residency in the house."), _("Open that one, or end it first.")
    ),
    "residencies.milestones_open": lambda: Said(
        _("Milestones are open still."), _("Decide on each of them, or drop what is not asked for any more.")
    ),
    "residencies.no_evidence": lambda: Said(
        _("Nothing shows that it is reached."), _("Write a few words, or add a file.")
    ),
    "residencies.place_taken": lambda: Said(
        _("Nothing of it is free for all of that time."), _("Choose another place, or a shorter time.")
    ),
    "residencies.mentor_has_conflict": lambda: Said(
        _("They are of the team themselves."), _("Choose somebody else.")
    ),
    "residencies.not_the_mentor": lambda: Said(
        _("They do not mentor this team."), _("Ask the house to appoint them.")
    ),
    "residencies.slot_taken": lambda: Said(
        _("Somebody has taken this time."), _("Choose another one.")
    ),
    "residencies.slot_over": lambda: Said(
        _("This time has begun or is over."), _("Choose another one.")
    ),
    "residencies.times_meet": lambda: Said(
        _("This meets another time that is taken."), _("Choose another one.")
    ),
    "residencies.not_yet": lambda: Said(
        _("It is too early for that."), _("Come back when the day has come.")
    ),
    "residencies.line_not_in_force": lambda: Said(
        _("The budget line gives nothing on this day."), _("Choose another line.")
    ),
    "residencies.milestone_not_reached": lambda: Said(
        _("The milestone that it waits for is not reached."), _("Look at the evidence first.")
    ),
    "residencies.own_team": lambda: Said(
        _("You are of this team: nobody decides for their own."), _("Ask somebody else of the house.")
    ),
    "residencies.no_consent": lambda: Said(
        _("The team has not agreed that what becomes of it is kept."), _("It can agree on its own page.")
    ),
    "residencies.budget_short": lambda: Said(
        _("The budget line has not so much left."), _("Give less, choose another line, or raise its limit.")
    ),
    "residencies.file_refused": lambda: Said(
        _("The file is not what its name says, or of a kind that is not taken."),
        _("PDF, PNG, JPEG, WebP, DOCX, XLSX and plain text are taken."),
    ),
    "selection.rules_fixed": lambda: Said(_("The rules are fixed, and stay as they are.")),
    "selection.rules_not_fixed": lambda: Said(_("Fix the rules first: nobody judges by rules that can change.")),
    "selection.call_not_closed": lambda: Said(_("The call is still open: applications can change until its deadline.")),
    "selection.reviewer_already": lambda: Said(_("They are among the reviewers already.")),
    "selection.reviewer_full": lambda: Said(_("They have as many reviews as they take. Choose another reviewer, or raise their number.")),
    "selection.assigned_already": lambda: Said(_("They have this application already.")),
    "selection.review_state_refused": lambda: Said(_("This review has ended, or is submitted; it stays as it is.")),
    "selection.scores_missing": lambda: Said(_("Give every criterion a score before you submit. What you wrote is kept.")),
    "selection.application_state_refused": lambda: Said(_("The application is not in a state for this. Look how it stands.")),
    "selection.nothing_to_rank": lambda: Said(_("No review that counts has been submitted yet.")),
    "selection.no_place_left": lambda: Said(_("All places are given. Use the waiting list, or wait until one is given back.")),
    "selection.own_matter": lambda: Said(_("This concerns you or your own decision: another officer must do it.")),
    "selection.slot_taken": lambda: Said(_("Somebody else has taken this time. Choose another.")),
    "selection.slot_over": lambda: Said(_("This time has begun already. Choose another.")),
    "selection.appeal_too_late": lambda: Said(_("The time to appeal is over.")),
    "selection.appealed_already": lambda: Said(_("This appeal was made or answered already.")),
    "selection.contract_state_refused": lambda: Said(_("There is a contract already, or none that can be signed.")),
    "selection.no_contract_text": lambda: Said(_("There is no text of the contract in the applicants’ language. Write it among the rules.")),
    "selection.conflicted": lambda: Said(
        _("Something ties the reviewer to the applicants."), _("Choose another reviewer.")
    ),
    "selection.decided_meanwhile": lambda: Said(
        _("Somebody else has decided meanwhile."), _("Look at it before you decide again.")
    ),
    "exchange.state_refused": lambda: Said(
        _("It has been dealt with in the meantime."), _("Look at how it stands: the page shows it as it is.")
    ),
    "exchange.match_state_refused": lambda: Said(
        _("It has been dealt with in the meantime."), _("Look at how it stands: the page shows it as it is.")
    ),
    "exchange.personal_data_found": lambda: Said(
        _("Something in it tells who is behind it."), _("Take it out, or say that you have seen exactly that.")
    ),
    "exchange.too_many": lambda: Said(
        _("Your organisation has as many waiting or open as it may have."), _("Wait until some are decided, or close what is not wanted any more.")
    ),
    "exchange.said_already": lambda: Said(
        _("Your organisation has submitted the same text already."), _("Renew the other one, or say what differs.")
    ),
    "exchange.own_side": lambda: Said(
        _("You speak for one of the two sides."), _("Another broker of the house decides this.")
    ),
    "exchange.matched_already": lambda: Said(
        _("The two are brought together already, or were asked."), _("Look among the matches of the need.")
    ),
    "exchange.owner_not_asked": lambda: Said(
        _("Who stands behind the need has not agreed to be named to this company."), _("They are asked in their account.")
    ),
    "exchange.agreed_already": lambda: Said(
        _("It is agreed on with another by now."), _("If nothing comes of that, it can be looked for anew.")
    ),
    "exchange.old_version": lambda: Said(_("There is a later version of the text."), _("Read that one.")),
    "exchange.outcome_confirmed": lambda: Said(_("The other side confirms it.")),
    "exchange.gathering_decided": lambda: Said(
        _("Somebody has decided this already."), _("Look at how it stands: the page shows it as it is.")
    ),
}  # fmt: skip
