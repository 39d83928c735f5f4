"""Who may open what: every address of the system has its row here, and a call that is refused writes nothing.

The rows of the desk say what happens to a visitor, to a reader without any role, to staff of another province (a librarian and an
administrator of Nghệ An) and to staff of the place concerned (a cataloguer and an administrator of Qom, somebody who only lends there and
somebody who only drives its rounds). "in" is sent to sign in.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.models import ReviewPair
from khaneh.domains.circulation import services as circulation
from khaneh.domains.circulation.services.runs import StopDraft
from khaneh.domains.circulation.types import ConflictKind, ConflictSource, TerminalKind
from khaneh.domains.credits import services as credits_services
from khaneh.domains.credits.types import Holder, UnitDraft
from khaneh.domains.events import services as events
from khaneh.domains.events.types import EventDraft
from khaneh.domains.exchange import services as exchange
from khaneh.domains.exchange.types import PostingDraft, PostingKind
from khaneh.domains.founding import services as founding
from khaneh.domains.founding.types import ItemDraft, ProposalDraft, StandardDraft
from khaneh.domains.learning import services as learning
from khaneh.domains.learning.types import CourseDraft, CourseKind, MeetingDraft, RunDraft
from khaneh.domains.network import queries as network
from khaneh.domains.network import services as network_services
from khaneh.domains.network.types import HolidayDraft, Role
from khaneh.domains.notices.models import AddressProblem, Message
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Member, MemberCategory
from khaneh.domains.people.types import CategoryRow, MemberDraft
from khaneh.domains.placements import services as placements
from khaneh.domains.placements.types import VacancyDraft, VacancyKind
from khaneh.domains.policies import queries as policy_queries
from khaneh.domains.policies import registry
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Question, Rule, Scope
from khaneh.domains.programmes import services as programmes
from khaneh.domains.programmes.types import CallDraft, ProgrammeDraft, ProgrammeKind
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import QualificationDraft
from khaneh.domains.selection import services as selection
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.models import SpacePhoto
from khaneh.domains.spaces.types import ClosureKind, Override, Pattern, Repeat, SpaceDraft
from khaneh.interfaces.api.api import api
from khaneh.interfaces.web.desk import holders
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.circulation.offline_device import Device
from tests.domains.policies.sample import BORROW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

# Pages of the account library, whose own tests hold them: to sign in, up and out, second factors, passkeys, sessions.
LIBRARY = re.compile("account_|mfa_|socialaccount_|usersessions_|openid_connect_")

PUBLIC: dict[str, dict[str, Any]] = {
    "home": {}, "search": {}, "suggest": {}, "houses": {}, "organisations": {}, "about": {}, "privacy": {},
    "accessibility": {}, "offline": {}, "design": {}, "preferences": {}, "manifest": {}, "service-worker": {},
    "robots": {}, "opensearch": {}, "sitemap": {}, "sitemap-part": {"kind": "houses", "start": 0},
    "record": {"record_id": "record"}, "record-origin": {"record_id": "record"},
    "record-export": {"record_id": "record", "form": "marcxml"}, "work": {"work_id": 1},
    "author": {"heading": "حافظ"}, "subject": {"heading": "شعر"},
    "house": {"code": "QM-LIB"}, "organisation": {"code": "QM-AUTH"},
    "space-photo": {"photo_id": 1, "version": "none", "size": "small"},
    "asset": {"version": "current", "name": "css/khaneh.css"},
    "spaces": {}, "space": {"space_id": "space"},
    "events": {}, "event": {"event_id": "event"},
    "offline-desk": {}, "offline-desk-page": {"language": "fa"}, "offline-desk-manifest": {"language": "vi"},
    "offline-desk-worker": {}, "offline-desk-session": {},
    "api-1:openapi-json": {}, "api-1:search": {}, "api-1:suggest": {}, "api-1:record": {"record_id": "record"},
    "api-1:record_file": {"record_id": "record"}, "api-1:record_marc": {"record_id": "record"}, "api-1:work": {"work_id": 1},
    "api-1:author": {}, "api-1:subject": {}, "api-1:regions": {}, "api-1:region": {"code": "QM"}, "api-1:houses": {},
    "api-1:house": {"code": "QM-LIB"}, "api-1:organisations": {}, "api-1:organisation": {"code": "QM-AUTH"},
    "api-1:policy_acts": {}, "api-1:policies": {}, "api-1:policy": {"set_id": "policy"}, "api-1:policy_ask": {},
    "api-1:api-root": {}, "api-reference": {}, "api-1:member_categories": {},
    "api-1:events": {}, "api-1:event": {"event_id": "event"},
    "api-1:space_kinds": {}, "api-1:spaces_free": {}, "api-1:space": {"space_id": 1}, "api-1:space_free": {"space_id": 1},
    "api-1:house_spaces": {"code": "QM-LIB"}, "api-1:qualifications": {}, "api-1:credits_given": {},
    "api-1:courses": {}, "api-1:course": {"code": "none"}, "api-1:runs": {}, "api-1:run": {"run_id": 1},
    "api-1:certificate_check": {"key": "none"}, "api-1:certificate_badge": {"key": "none"}, "api-1:staff_training": {},
    "api-1:training_requirements": {}, "api-1:skills": {}, "api-1:standards": {}, "api-1:standard": {"code": "qm-centre"}, "api-1:house_passport": {"code": "QM-LIB"}, "api-1:vacancies": {}, "api-1:call_lottery": {"call_id": "call"}, "api-1:vacancy": {"vacancy_id": 1},
    "api-1:exchange_postings": {}, "api-1:exchange_posting": {"posting_id": "posting"},
    "api-1:calls": {}, "api-1:call": {"call_id": "call"}, "api-1:companies": {}, "api-1:company": {"code": "QM-AUTH"},
    "api-1:company_product": {"code": "QM-AUTH", "product_id": 1}, "api-1:mentors": {}, "api-1:mentor": {"mentor_id": 1},
    "shared-list": {"key": "nobody-has-it"}, "digest-stop": {"secret": "nobody-has-it"},
    "companies": {}, "company": {"code": "QM-AUTH"}, "mentors": {}, "mentor": {"mentor_id": 1},
    "invitation": {"token": "none"}, "company-picture": {"product_id": 1, "version": "none", "size": "small"},
    "courses": {}, "course": {"code": "QM-COURSE"}, "course-material": {"material_id": 0},
    "calls": {}, "call": {"call_id": "call"}, "call-lottery": {"call_id": "call"},
    "matchmakings": {}, "matchmaking": {"matchmaking_id": 0}, "demo-day": {"event_id": 0},
    "standards": {}, "standard": {"code": "qm-centre"}, "standard-version": {"code": "qm-centre", "version": 1},
    "passport": {"code": "QM-LIB"}, "vacancies": {}, "vacancy": {"vacancy_id": "vacancy"}, "exchange": {}, "exchange-posting": {"posting_id": "posting"},
    "certificate": {"key": "nobody-has-it"}, "certificate-badge": {"key": "nobody-has-it"}, "badge-issuer": {},
    "badge-achievement": {"code": "NONE"}, "badge-key": {"thumbprint": "none"}, "badge-status": {},
    "calendar-space": {"key": "1"}, "calendar-event": {"key": "event"}, "calendar-events": {"key": "kind=tour"}, "calendar-course": {"key": "NONE"}, "calendar-house": {"key": "QM-LIB"}, "calendar-person": {"secret": "kc_nobody"},
    "caldav-well-known": {}, "caldav": {"path": ""},
    # A browser that is no terminal is sent to the page that asks for the terminal's password.
    "selfcheck": {}, "selfcheck-open": {}, "selfcheck-close": {}, "selfcheck-language": {}, "selfcheck-scan": {},
    "selfcheck-pin": {}, "selfcheck-own": {}, "selfcheck-renew": {}, "selfcheck-finish": {}, "selfcheck-end": {},
}  # fmt: skip
SIGNED_IN = (
    "account-organisations", "account-signup-new", "account-mentor",
    "account", "account-roles", "account-close", "account-calendar", "account-tokens", "account-membership", "account-ward", "account-privacy", "account-erase", "account-messages", "account-notices",
    "account-loans", "account-requests", "account-fees", "account-history", "account-history-file", "account-renew", "account-request-change", "request-place",
    "account-lists", "account-list-add", "account-searches", "account-search-keep",
    "account-bookings", "account-credits", "account-events", "account-courses",
    "account-work", "account-work-profile", "account-reviews", "employers", "account-residencies", "account-mentoring", "account-matchmakings", "account-applications", "account-exchange",
    "account-following", "account-shared",
)  # fmt: skip

WHO = ("visitor", "reader", "far_librarian", "far_administrator", "cataloguer", "administrator", "lender", "courier")
# For each page of the desk: its arguments, then what a GET answers each of WHO. 405 is a page that only takes POST.
DESK: dict[str, tuple[dict[str, Any], str]] = {
    "desk": ({}, "in 404 200 200 200 200 200 200"),
    # One's own lists: none of these has a membership, and is told how to get one.
    "account-list": ({"list_id": 1}, "in 200 200 200 200 200 200 200"),
    "account-list-file": ({"list_id": 1}, "in 200 200 200 200 200 200 200"),
    # Everybody with an account may ask to book; a booking's pages are those of who booked.
    "space-book": ({"space_id": "space"}, "in 302 302 302 302 302 302 302"),
    "space-repeat": ({"space_id": "space"}, "in 200 200 200 200 200 200 200"),
    "space-wait": ({"space_id": "space"}, "in 200 200 200 200 200 200 200"),
    "space-check-in": ({"space_id": "space"}, "in 200 200 200 200 200 200 200"),
    "event-register": ({"event_id": "event"}, "in 200 200 200 200 200 200 200"),
    "account-event": ({"registration_id": "registration"}, "in 404 404 404 404 404 404 404"),
    "account-event-act": ({"registration_id": "registration"}, "in 405 405 405 405 405 405 405"),
    "run-enrol": ({"run_id": "course_run"}, "in 200 200 200 200 200 200 200"),
    "account-enrolment": ({"enrolment_id": "enrolment"}, "in 404 404 404 404 404 404 404"),
    "account-enrolment-act": ({"enrolment_id": "enrolment"}, "in 405 405 405 405 405 405 405"),
    "desk-courses": ({}, "in 404 200 200 404 200 200 404"),
    "desk-course-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-course": ({"code": "QM-COURSE"}, "in 404 200 200 404 200 200 404"),
    "desk-course-change": ({"code": "QM-COURSE"}, "in 404 404 404 404 200 404 404"),
    "desk-course-file": ({"code": "QM-COURSE"}, "in 405 405 405 405 405 405 405"),
    "desk-course-plan": ({"code": "QM-COURSE"}, "in 404 404 200 404 200 404 404"),
    "desk-run-of-course": ({"run_id": "course_run"}, "in 404 404 404 404 200 200 404"),
    "desk-run-act": ({"run_id": "course_run"}, "in 405 405 405 405 405 405 405"),
    "desk-training": ({}, "in 404 200 200 200 200 200 200"),
    "desk-training-table": ({}, "in 404 200 200 200 200 200 200"),
    # The script of the door without a line: it holds nothing, and is fetched with nobody signed in.
    "event-door-worker": ({}, "200 200 200 200 200 200 200 200"),
    "desk-events": ({}, "in 404 200 200 404 200 200 404"),
    "desk-event-new": ({}, "in 404 200 200 404 200 200 404"),
    "desk-event": ({"event_id": "event"}, "in 404 404 404 404 200 200 404"),
    "desk-event-act": ({"event_id": "event"}, "in 405 405 405 405 405 405 404"),
    "desk-event-change": ({"event_id": "event"}, "in 404 404 404 404 200 404 404"),
    "desk-event-door": ({"event_id": "event"}, "in 404 404 404 404 200 200 404"),
    "desk-event-carry": ({"event_id": "event"}, "in 404 404 404 404 200 200 404"),
    "desk-event-list": ({"event_id": "event"}, "in 404 404 404 404 200 200 404"),
    "desk-event-send": ({"event_id": "event"}, "in 405 405 405 405 405 405 404"),
    "account-waiting": ({}, "in 405 405 405 405 405 405 405"),
    "account-waiting-group": ({"waiting_id": "waits"}, "in 404 404 404 404 404 404 404"),
    "account-booking": ({"booking_id": "booking"}, "in 404 404 404 404 404 404 404"),
    "account-booking-act": ({"booking_id": "booking"}, "in 405 405 405 405 405 405 405"),
    "account-booking-group": ({"booking_id": "booking"}, "in 404 404 404 404 404 404 404"),
    "account-booking-along": ({"booking_id": "booking"}, "in 404 404 404 404 404 404 404"),
    "account-booking-change": ({"booking_id": "booking"}, "in 404 404 404 404 404 404 404"),
    "account-series": ({"series_id": "series"}, "in 404 404 404 404 404 404 404"),
    "desk-imports": ({}, "in 404 200 200 200 200 404 404"),
    "desk-import": ({"batch_id": "batch"}, "in 404 404 404 200 200 404 404"),
    "desk-import-start": ({"batch_id": "batch"}, "in 405 405 405 405 405 404 404"),
    "desk-profiles": ({}, "in 404 200 200 200 200 404 404"),
    "desk-profile-new": ({}, "in 404 200 200 200 200 404 404"),
    "desk-profile": ({"name": "852-876"}, "in 404 200 200 200 200 404 404"),
    "desk-quarantine": ({}, "in 404 200 200 200 200 404 404"),
    "desk-quarantined": ({"item_id": "item"}, "in 404 404 404 200 200 404 404"),
    "desk-quarantined-retry": ({"item_id": "item"}, "in 405 405 405 405 405 404 404"),
    "desk-quarantined-discard": ({"item_id": "item"}, "in 405 405 405 405 405 404 404"),
    "desk-quarantined-bytes": ({"item_id": "item"}, "in 404 404 404 200 200 404 404"),
    "desk-pairs": ({}, "in 404 404 200 200 200 404 404"),
    "desk-pair": ({"pair_id": "pair"}, "in 404 404 404 200 200 404 404"),
    "desk-record": ({"record_id": "record"}, "in 404 200 200 200 200 404 404"),
    "desk-record-merge": ({"record_id": "record"}, "in 404 404 404 404 404 404 404"),
    "desk-contribution-bytes": ({"contribution_id": "contribution"}, "in 404 404 404 200 200 404 404"),
    "desk-merges": ({}, "in 404 200 200 200 200 404 404"),
    "desk-merge-undo": ({"decision_id": "decision"}, "in 405 405 405 405 405 404 404"),
    "desk-network": ({}, "in 404 404 200 404 200 404 404"),
    "desk-table": ({"table": "houses"}, "in 404 404 200 404 200 404 404"),
    "desk-table-export": ({"table": "houses", "form": "csv"}, "in 404 404 200 404 200 404 404"),
    "desk-houses": ({}, "in 404 404 200 404 200 404 404"),
    "desk-house-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-house": ({"code": "QM-LIB"}, "in 404 404 404 404 200 404 404"),
    "desk-house-hours": ({"code": "QM-LIB"}, "in 405 405 405 405 405 404 404"),
    "desk-house-calendar": ({"code": "QM-LIB"}, "in 404 404 404 404 200 404 404"),
    "desk-house-calendar-file": ({"code": "QM-LIB"}, "in 404 404 404 404 200 404 404"),
    "desk-house-season": ({"code": "QM-LIB"}, "in 404 404 404 404 200 404 404"),
    "desk-holiday": ({"holiday_id": "holiday"}, "in 404 404 404 404 200 404 404"),
    "desk-holiday-remove": ({"holiday_id": "holiday"}, "in 405 405 405 405 405 404 404"),
    "desk-holiday-new": ({"scope": "house", "code": "QM-LIB"}, "in 404 404 404 404 200 404 404"),
    "desk-regions": ({}, "in 404 404 200 404 200 404 404"),
    "desk-region": ({"code": "ir-qm"}, "in 404 404 200 404 200 404 404"),
    "desk-country": ({"code": "IR"}, "in 404 404 200 404 200 404 404"),
    "desk-deprivation": ({}, "in 404 404 200 404 200 404 404"),
    "desk-deprivation-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-house-state": ({"code": "QM-LIB"}, "in 405 405 405 405 405 404 404"),
    "desk-house-roles": ({"code": "QM-LIB"}, "in 404 404 404 404 200 404 404"),
    "desk-organisations": ({}, "in 404 404 200 404 200 404 404"),
    "desk-organisation-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-organisation": ({"code": "QM-AUTH"}, "in 404 404 404 404 200 404 404"),
    "desk-organisation-roles": ({"code": "QM-AUTH"}, "in 404 404 404 404 200 404 404"),
    "desk-role-revoke": ({"assignment_id": "assignment"}, "in 405 405 405 405 405 404 404"),
    "account-work-consent": ({}, "in 405 405 405 405 405 405 405"),
    "account-work-answer": ({"placement_id": 1}, "in 405 405 405 405 405 405 405"),
    # Founding: what is proposed in Qom is seen by who manages or administers there, a draft of a standard by its authority alone.
    "account-following-next": ({"subscription_id": 1}, "in 404 404 404 404 404 404 404"),
    "account-following-digests": ({"subscription_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-network-programmes": ({}, "in 404 404 200 404 200 404 404"),
    "desk-sharing": ({}, "in 404 404 200 404 200 404 404"),
    "desk-sharing-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-founding": ({}, "in 404 404 200 404 200 404 404"),
    "desk-founding-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-founding-proposal": ({"proposal_id": "founded"}, "in 404 404 404 404 200 404 404"),
    "desk-founding-edit": ({"proposal_id": "founded"}, "in 404 404 404 404 200 404 404"),
    "desk-passports": ({}, "in 404 404 200 404 200 404 404"),
    "desk-assessment": ({"assessment_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-founding-photo": ({"photo_id": 1, "version": "none", "size": "small"}, "in 404 404 404 404 404 404 404"),
    "desk-standards": ({}, "in 404 404 200 404 200 404 404"),
    "desk-standard-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-standard": ({"standard_id": "standard_draft"}, "in 404 404 404 404 200 404 404"),
    "desk-standard-item": ({"standard_id": "standard_draft", "code": "new"}, "in 404 404 404 404 200 404 404"),
    "desk-standard-import": ({"standard_id": "standard_draft"}, "in 404 404 404 404 200 404 404"),
    "desk-standard-file": ({"standard_id": "standard_draft", "form": "csv"}, "in 404 404 404 404 200 404 404"),
    "vacancy-interest": ({"vacancy_id": "vacancy"}, "in 405 405 405 405 405 405 405"),
    # Calls: a draft, and what is handed in, is seen by who keeps the programmes of its house; an application by its team.
    "call-ask": ({"call_id": "call"}, "in 405 405 405 405 405 405 405"),
    "call-apply": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "account-application": ({"application_id": 1}, "in 404 404 404 404 404 404 404"),
    "account-application-write": ({"application_id": 1}, "in 404 404 404 404 404 404 404"),
    "application-document": ({"application_id": 1, "digest": "none"}, "in 404 404 404 404 404 404 404"),
    "desk-programmes": ({}, "in 404 404 200 404 200 404 404"),
    "desk-programme-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-programme-edit": ({"code": "qm-incubator"}, "in 404 404 404 404 200 404 404"),
    "desk-call-new": ({"code": "qm-incubator"}, "in 404 404 404 404 200 404 404"),
    "desk-call": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    # Who is in a house, by who runs its residencies; a team is seen by itself, its mentors and its house.
    "desk-residencies": ({}, "in 404 404 200 404 200 404 404"),
    "desk-residency-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-residency": ({"residency_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-support": ({}, "in 404 404 200 404 200 404 404"),
    "desk-support-table": ({}, "in 404 404 200 404 200 404 404"),
    "account-residency": ({"residency_id": 1}, "in 404 404 404 404 404 404 404"),
    "account-mentored": ({"residency_id": 1}, "in 404 404 404 404 404 404 404"),
    "residency-receipt": ({"support_id": 1}, "in 404 404 404 404 404 404 404"),
    "residency-evidence": ({"evidence_id": 1}, "in 404 404 404 404 404 404 404"),
    # A matchmaking session is run by who runs programmes or brokers in its house; one's own page is there for who comes.
    "desk-demo-day": ({"event_id": 0}, "in 404 404 404 404 404 404 404"),
    "desk-matchmakings": ({}, "in 404 404 200 404 200 404 404"),
    "desk-matchmaking-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-matchmaking": ({"matchmaking_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-matchmaking-edit": ({"matchmaking_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-matchmaking-now": ({"matchmaking_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-matchmaking-sheet": ({"matchmaking_id": 1}, "in 404 404 404 404 404 404 404"),
    "matchmaking-register": ({"matchmaking_id": 1}, "in 404 404 404 404 404 404 404"),
    "account-matchmaking": ({"matchmaking_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-selections": ({}, "in 404 404 200 404 200 404 404"),
    "desk-selection": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-selection-reviewers": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-selection-interviews": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-selection-board": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-selection-application": ({"call_id": "call", "application_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-selection-ranking": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-selection-table": ({"call_id": "call", "run_id": 1, "form": "csv"}, "in 404 404 404 404 404 404 404"),
    "account-review": ({"review_id": 1}, "in 404 404 404 404 404 404 404"),
    "account-review-document": ({"review_id": 1, "digest": "none"}, "in 404 404 404 404 404 404 404"),
    "account-selection": ({"application_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-call-table": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-call-edit": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-call-form": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-call-question": ({"call_id": "call"}, "in 404 404 404 404 200 404 404"),
    "desk-application": ({"application_id": 1}, "in 404 404 404 404 404 404 404"),
    # Nobody speaks for an employer but who holds a role at that very organisation.
    "employer": ({"code": "QM-AUTH"}, "in 404 404 404 404 200 404 404"),
    "employer-vacancy-new": ({"code": "QM-AUTH"}, "in 404 404 404 404 200 404 404"),
    "employer-vacancy": ({"code": "QM-AUTH", "vacancy_id": "vacancy"}, "in 404 404 404 404 200 404 404"),
    "employer-vacancy-edit": ({"code": "QM-AUTH", "vacancy_id": "vacancy"}, "in 404 404 404 404 200 404 404"),
    "employer-placement": ({"code": "QM-AUTH", "placement_id": 1}, "in 405 405 405 405 405 405 405"),
    # A sign-up is its maker's and, handed in, its verifiers'; an authority shows no profile of its own.
    "account-signup": ({"signup_id": 1}, "in 404 404 404 404 404 404 404"),
    "account-signup-edit": ({"signup_id": 1}, "in 404 404 404 404 404 404 404"),
    "signup-document": ({"document_id": 1}, "in 404 404 404 404 404 404 404"),
    "account-shown": ({"person_id": 1}, "in 405 405 405 405 405 405 405"),
    "account-profile": ({"code": "QM-AUTH"}, "in 404 404 404 404 404 404 404"),
    "account-profile-edit": ({"code": "QM-AUTH"}, "in 404 404 404 404 404 404 404"),
    "account-product-new": ({"code": "QM-AUTH"}, "in 404 404 404 404 404 404 404"),
    "account-product": ({"code": "QM-AUTH", "product_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-signups": ({}, "in 404 404 200 404 200 404 404"),
    "desk-signup": ({"signup_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-company-imports": ({}, "in 404 404 200 404 200 404 404"),
    "desk-company-import": ({"import_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-company-line": ({"line_id": 1}, "in 404 404 404 404 404 404 404"),
    # Needs and offers: who speaks for an organisation or a house writes them; a broker alone decides, and nobody here is one.
    "exchange-interest": ({"posting_id": "posting"}, "in 405 405 405 405 405 405 405"),
    "account-exchange-new": ({"kind": "need"}, "in 404 200 200 404 200 404 404"),
    "account-exchange-posting": ({"posting_id": "posting"}, "in 404 404 404 404 200 404 404"),
    "account-exchange-edit": ({"posting_id": "posting"}, "in 404 404 404 404 200 404 404"),
    "exchange-match": ({"match_id": 1}, "in 404 404 404 404 404 404 404"),
    "exchange-evidence": ({"match_id": 1, "outcome_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-exchange": ({}, "in 404 404 404 404 404 404 404"),
    # Who decides on repeated needs, and who answers for a house that is asked.
    "desk-gatherings": ({}, "in 404 200 200 404 200 404 404"),
    "desk-gathering": ({"gathering_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-reach": ({}, "in 404 404 200 404 200 404 404"),
    "desk-reach-table": ({}, "in 404 404 200 404 200 404 404"),
    "desk-exchange-posting": ({"posting_id": "posting"}, "in 404 404 404 404 404 404 404"),
    "desk-placements": ({}, "in 404 404 200 404 200 404 404"),
    "desk-placements-table": ({}, "in 404 404 200 404 200 404 404"),
    # By name to the staff of the house where somebody finished; the list of skills to who administers an authority.
    "account-work-outcome": ({}, "in 404 404 404 404 404 404 404"),
    "desk-graduates": ({}, "in 404 404 200 404 200 404 404"),
    "desk-graduate": ({"account_id": 1}, "in 404 404 404 404 404 404 404"),
    "desk-skills": ({}, "in 404 404 200 404 200 404 404"),
    "desk-skill-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-skills-esco": ({}, "in 404 404 200 404 200 404 404"),
    "desk-skill": ({"code": "pottery"}, "in 404 404 200 404 200 404 404"),
    "desk-members": ({}, "in 404 200 200 404 200 200 404"),
    "desk-member-new": ({}, "in 404 200 200 404 200 200 404"),
    "desk-member-cards": ({}, "in 404 200 200 404 200 200 404"),
    "desk-member": ({"member_id": "member"}, "in 404 200 200 404 200 200 404"),
    "desk-member-edit": ({"member_id": "member"}, "in 404 404 404 404 200 200 404"),
    "desk-notices": ({}, "in 404 200 200 404 200 200 404"),
    "desk-notice-settle": ({"message_id": "message"}, "in 405 405 405 405 405 405 404"),
    "desk-notice-address": ({"problem_id": "problem"}, "in 405 405 405 405 405 405 404"),
    "desk-notice-texts": ({}, "in 404 200 200 404 200 404 404"),
    "desk-notice-quiet": ({}, "in 405 405 405 405 405 404 404"),
    "desk-notice-text": ({"event": "circulation.ready", "channel": "email"}, "in 404 200 200 404 200 404 404"),
    "desk-notice-preview": ({"event": "circulation.ready", "channel": "email"}, "in 405 405 405 405 405 404 404"),
    "desk-terminals": ({}, "in 404 404 200 404 200 404 404"),
    "desk-terminals-of": ({"code": "QM-LIB"}, "in 404 404 404 404 200 404 404"),
    "desk-terminal-change": ({"terminal_id": "terminal"}, "in 405 405 405 405 405 404 404"),
    "desk-terminal-password": ({"terminal_id": "terminal"}, "in 405 405 405 405 405 404 404"),
    "desk-terminal-switch": ({"terminal_id": "terminal"}, "in 405 405 405 405 405 404 404"),
    "desk-inventories": ({}, "in 404 200 200 404 200 200 404"),
    "desk-inventory": ({"inventory_id": "inventory"}, "in 404 404 404 404 200 200 404"),
    "desk-inventory-report": ({"inventory_id": "inventory"}, "in 404 404 404 404 200 200 404"),
    "desk-spaces": ({}, "in 404 200 200 404 200 200 404"),
    "desk-spaces-day": ({}, "in 404 200 200 404 200 200 404"),
    "desk-spaces-arrive": ({}, "in 405 405 405 405 405 405 404"),
    "desk-spaces-requests": ({}, "in 404 200 200 404 200 200 404"),
    "desk-spaces-missed": ({}, "in 404 200 200 404 200 200 404"),
    "desk-credits": ({}, "in 404 200 200 404 200 200 404"),
    "desk-credits-find": ({}, "in 404 200 200 404 200 200 404"),
    "desk-credits-taken": ({}, "in 404 200 200 404 200 200 404"),
    "desk-credits-holder": ({"token": "ledger"}, "in 404 200 200 404 200 200 404"),
    "desk-credits-units": ({}, "in 404 200 200 404 200 200 404"),
    "desk-credits-unit-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-credits-unit": ({"code": "credit"}, "in 404 404 404 404 200 404 404"),
    "desk-spaces-book": ({}, "in 404 200 200 404 200 200 404"),
    "desk-spaces-booking": ({"booking_id": "booking"}, "in 404 404 404 404 200 200 404"),
    "desk-spaces-list": ({}, "in 404 200 200 404 200 200 404"),
    "desk-space-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-space": ({"space_id": "space"}, "in 404 404 404 404 200 200 404"),
    "desk-space-state": ({"space_id": "space"}, "in 404 404 404 404 200 404 404"),
    "desk-space-close": ({"space_id": "space"}, "in 404 404 404 404 200 404 404"),
    "desk-space-calendar": ({"space_id": "space"}, "in 404 404 404 404 200 404 404"),
    "desk-space-photos": ({"space_id": "space"}, "in 405 405 405 405 405 404 404"),
    "desk-space-lift": ({"closure_id": "closure"}, "in 405 405 405 405 405 404 404"),
    "desk-space-photo": ({"photo_id": "photo"}, "in 405 405 405 405 405 404 404"),
    "desk-qualifications": ({}, "in 404 404 200 404 200 404 404"),
    "desk-qualification-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-qualifications-soon": ({}, "in 404 404 200 404 200 404 404"),
    "desk-holders": ({}, "in 404 404 200 404 200 404 404"),
    "desk-holder": ({"account_id": "account"}, "in 404 404 200 404 200 404 404"),
    "desk-qualification": ({"qualification_id": "qualification"}, "in 404 404 200 404 200 404 404"),
    "desk-floating": ({}, "in 404 200 200 404 200 200 404"),
    "desk-queues": ({}, "in 404 200 200 404 200 200 404"),
    "desk-queue": ({"record_id": "record"}, "in 404 200 200 404 200 200 404"),
    "desk-runs": ({}, "in 404 200 200 404 200 200 200"),
    "desk-run-new": ({}, "in 404 200 200 404 200 200 404"),
    "desk-run": ({"run_id": "run"}, "in 404 404 404 404 200 200 200"),
    "desk-run-edit": ({"run_id": "run"}, "in 404 404 404 404 200 200 404"),
    "desk-run-drive": ({"run_id": "run"}, "in 404 404 404 404 200 200 200"),
    "desk-circulation": ({}, "in 404 200 200 404 200 200 404"),
    "desk-circulation-undo": ({}, "in 405 405 405 405 405 405 404"),
    "desk-circulation-damage": ({}, "in 405 405 405 405 405 405 404"),
    "desk-circulation-fees": ({}, "in 405 405 405 405 405 405 404"),
    "desk-circulation-loans": ({}, "in 405 405 405 405 405 405 404"),
    "desk-circulation-requests": ({}, "in 405 405 405 405 405 405 404"),
    "desk-circulation-list": ({"which": "pull"}, "in 404 200 200 404 200 200 404"),
    "desk-circulation-slip": ({"kind": "hold", "number": 1}, "in 404 404 200 404 200 404 404"),
    "desk-circulation-slips": ({"kind": "hold"}, "in 404 200 200 404 200 200 404"),
    "desk-circulation-receipt": ({"kind": "loans", "number": "member"}, "in 404 200 200 404 200 200 404"),
    "offline-desk-enrol": ({}, "in 405 405 405 405 405 405 405"),
    "offline-desk-recover": ({}, "in 405 405 405 405 405 405 405"),
    "offline-desk-snapshot": ({}, "in 405 405 405 405 405 405 405"),
    "offline-desk-upload": ({}, "in 405 405 405 405 405 405 405"),
    "desk-conflicts": ({}, "in 404 200 200 404 200 200 404"),
    "desk-conflict": ({"conflict_id": "conflict"}, "in 405 405 405 405 405 405 404"),
    "desk-devices": ({}, "in 404 200 200 404 200 200 404"),
    "desk-device-revoke": ({"device_id": "device"}, "in 405 405 405 405 405 405 404"),
    "desk-policies": ({}, "in 404 200 200 404 200 200 404"),
    "desk-policy-new": ({}, "in 404 404 200 404 200 404 404"),
    "desk-policy-ask": ({}, "in 404 200 200 404 200 200 404"),
    "desk-policy-decision": ({"decision_id": "policy_decision"}, "in 404 404 404 404 200 200 404"),
    "desk-policy": ({"set_id": "policy"}, "in 404 200 200 404 200 200 404"),
    "desk-policy-draft": ({"set_id": "policy"}, "in 405 405 405 405 405 404 404"),
    "desk-policy-rule-new": ({"set_id": "policy"}, "in 404 404 404 404 200 404 404"),
    "desk-policy-rule": ({"set_id": "policy", "rule_id": 1}, "in 404 404 404 404 200 404 404"),
    "desk-policy-publish": ({"set_id": "policy"}, "in 405 405 405 405 405 404 404"),
    "desk-policy-discard": ({"set_id": "policy"}, "in 405 405 405 405 405 404 404"),
    "desk-policy-history": ({"set_id": "policy"}, "in 404 200 200 404 200 200 404"),
    "desk-policy-trial": ({"set_id": "policy"}, "in 404 404 404 404 200 404 404"),
    "desk-policy-trial-csv": ({"set_id": "policy"}, "in 404 404 404 404 200 404 404"),
}
# Acts on things of Qom: whoever is not of Qom is refused, and nothing is written.
ACTS = {
    "desk-selection": {"act": "fix"},
    "desk-selection-reviewers": {"act": "add", "email": "reader@example.org"},
    "desk-selection-interviews": {
        "act": "add",
        "day": "2036-01-01",
        "time": "10:00",
        "minutes": "30",
        "count": "1",
        "place": "A",
    },
    "desk-selection-ranking": {"act": "make"},
    "account-selection": {"act": "appeal", "text": "Why?"},
    "account-review": {"act": "clear"},
    "account-event-act": {"act": "cancel", "seen": "confirmed.1"},
    "desk-event-act": {"act": "cancel", "reason": "mine"},
    "desk-event-change": {"names_en": "Taken over", "kind": "talk"},
    "desk-event-door": {"scanned": "1"},
    "desk-event-new": {"house": "QM-LIB", "names_en": "mine"},
    "account-booking-act": {"act": "cancel", "seen": "0.confirmed"},
    "account-booking-change": {"minutes": "60"},
    "account-booking-group": {"names": "mine", "seen": ""},
    "account-waiting-group": {"names": "mine", "seen": ""},
    "account-booking-along": {"act": "withdraw"},
    "account-series": {"only": "booking"},
    "desk-import-start": {},
    "desk-quarantined-retry": {"encoding": "utf-8"},
    "desk-quarantined-discard": {"reason": "not ours"},
    "desk-pair": {"judgement": "same", "decision": "same", "reason": "mine"},
    "desk-record-merge": {"with": "second", "reason": "mine"},
    "desk-merge-undo": {"reason": "mine"},
    "desk-house": {"names_en": "Taken over"},
    "desk-spaces-arrive": {"house": "QM-LIB", "who": "123456"},
    "desk-spaces-book": {"house": "QM-LIB", "act": "book"},
    "desk-spaces-booking": {"act": "cancel", "reason": "mine"},
    "desk-space-new": {"house": "QM-LIB", "names_en": "mine"},
    "desk-space": {"names_en": "Taken over"},
    "desk-space-state": {"state": "retired", "act": "do"},
    "desk-space-calendar": {"act": "look", "text": "BEGIN:VCALENDAR"},
    "desk-house-calendar-file": {"act": "look", "text": "BEGIN:VCALENDAR"},
    "desk-space-close": {"kind": "repair", "first": "2027-01-01", "act": "do"},
    "desk-space-photos": {"alts_en": "mine"},
    "desk-space-lift": {},
    "desk-space-photo": {"act": "remove"},
    "desk-house-hours": {},
    "desk-house-season": {"first": "2026-06-01", "d1_0_opens": "8", "d1_0_closes": "9"},
    "desk-holiday": {"names_en": "mine", "rule": "date", "first": "2027-01-01"},
    "desk-holiday-remove": {},
    "desk-holiday-new": {"names_en": "mine", "rule": "date", "first": "2027-01-01"},
    "desk-house-state": {"state": "closed", "reason": "mine"},
    "desk-house-roles": {"email": "reader@example.org", "role": "administrator"},
    "desk-organisation": {"names_en": "Taken over"},
    "desk-organisation-roles": {"email": "reader@example.org", "role": "administrator"},
    "desk-role-revoke": {"reason": "mine"},
    "desk-member-edit": {"family_name": "Mine"},
    "desk-notice-settle": {"act": "again"},
    "desk-notice-address": {"act": "right"},
    "desk-notice-quiet": {"house": "QM-LIB", "starts": "0:00", "ends": "1:00"},
    "desk-notice-text": {"house": "QM-LIB", "en-subject": "Mine", "en-body": "Mine"},
    "desk-terminals-of": {"name": "mine", "kind": "gate", "language": "en", "encoding": "utf-8"},
    "desk-terminal-change": {},
    "desk-terminal-password": {},
    "desk-terminal-switch": {},
    "desk-circulation": {"house": "QM-LIB", "scan": "1"},
    "desk-circulation-undo": {"house": "QM-LIB", "loan": "1"},
    "desk-circulation-damage": {"house": "QM-LIB", "barcode": "1", "note": "torn"},
    "desk-circulation-fees": {"house": "QM-LIB", "member": "1", "amount": "1", "currency": "IRR", "method": "cash"},
    "desk-circulation-loans": {"house": "QM-LIB", "loan": "1", "act": "date", "due_on": "2027-01-01", "reason": "mine"},
    "desk-circulation-requests": {"house": "QM-LIB", "request": "1"},
    "desk-circulation-list": {"house": "QM-LIB", "target": "1"},
    "desk-inventories": {"house": "QM-LIB"},
    "desk-inventory": {"scan": "1"},
    "desk-conflict": {"how": "accepted", "reason": "mine"},
    "desk-device-revoke": {"sure": "1"},
    "desk-floating": {"house": "QM-LIB", "act": "limit", "least": "1", "most": "2"},
    "desk-queue": {"house": "QM-LIB", "request": "1", "to": "first", "reason": "mine"},
    "desk-run": {"act": "cancel"},
    "desk-run-edit": {"name": "mine"},
    "desk-run-drive": {"act": "end"},
    "desk-programme-edit": {"kind": "grant", "names_en": "Mine"},
    "desk-call-new": {"names_en": "Mine", "places": "1", "for_persons": "1"},
    "desk-call": {"act": "cancel"},
    "desk-call-edit": {"names_en": "Mine", "places": "9", "for_persons": "1"},
    "desk-call-form": {"act": "publish"},
    "desk-call-question": {"label_en": "Mine"},
    "employer-vacancy-new": {"kind": "job", "names_en": "Mine", "region": "ir-qm", "count": "1", "key": "mine"},
    "employer-vacancy": {"act": "publish"},
    "employer-vacancy-edit": {"kind": "job", "names_en": "Mine", "region": "ir-qm", "count": "9"},
    "employer-placement": {"act": "confirm-3"},
    "account-exchange-posting": {"act": "close", "reason": "not_wanted"},
    "account-exchange-edit": {"title": "Mine"},
    "desk-exchange-posting": {"act": "approve"},
    "desk-gathering": {"act": "call"},
    "desk-graduate": {"act": "state", "said-kind": "job", "said-since": "2026-01-01", "said-agreed": "on"},
    "desk-policy-new": {"act": "tests.borrow_tool", "place": "network:"},
    "desk-policy-draft": {},
    "desk-policy-rule-new": {"revision": "0", "terms.days": "90"},
    "desk-policy-rule": {"revision": "0", "remove": "1"},
    "desk-policy-publish": {"revision": "0", "note": "mine"},
    "desk-policy-discard": {"revision": "0"},
}
# Every cataloguer sees the union's records and merges, every manager the form for rules of a place of their own; who may not touch these
# is told so on the page.
TOLD = {"desk-record-merge": "422", "desk-merge-undo": "302", "desk-policy-new": "422"}
# What the courier of the house does there, and nothing else.
DRIVEN = {"desk-run", "desk-run-drive"}
# Also what a statement writes within WITH.
_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|COPY|TRUNCATE)\b|\bAS \((INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_OF_THE_SESSION = re.compile("django_session|usersessions_usersession|account_emailaddress")


def routes(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Every named address, with its name space."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{space}{pattern.name}"
        else:
            yield from routes(pattern, f"{pattern.namespace}:" if pattern.namespace else space)


@pytest.fixture
def things() -> dict[str, int]:
    """One of each thing of Qom that pages are about."""
    broken = b"00070nam a2200000 a 4500this is no record at all\x1e\x1d"
    now = datetime.now(UTC)
    house = network.house("QM-LIB", actor=SYSTEM, now=now).row
    batch = catalogue_services.keep_file(
        actor=SYSTEM, upload=io.BytesIO(broken), name="broken.mrc", house="QM-LIB", profile="auto"
    )
    catalogue_services.run_import(batch_id=batch, actor=SYSTEM, now=lambda: now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM catalogue_quarantine_item WHERE batch_id = %s", [batch])
        item = cursor.fetchone()[0]
        cursor.execute("SELECT id, record_id FROM catalogue_contribution ORDER BY id LIMIT 4")
        (contribution, record), (_, second), (_, third), (_, fourth) = cursor.fetchall()
    pair = ReviewPair.objects.create(left_id=min(record, fourth), right_id=max(record, fourth), score=0.6).pk
    decision = catalogue_services.merge_records(
        actor=SYSTEM, from_record_id=third, into_record_id=second, reason="the same book", now=now
    )
    day = HolidayDraft("house", "QM-LIB", "date", Label("Stocktaking", "", ""), first=date(2027, 1, 1))
    holiday, _outcome = network_services.add_holiday(actor=SYSTEM, draft=day)
    someone = Account.objects.create_user("someone@example.org")
    people.ensure_category(
        actor=SYSTEM, category=CategoryRow("tests", Label("Tests", "آزمون", "Thử"), 12, None, None, False, True)
    )
    reader = MemberDraft(family_name="Reader", category="tests", home_house_id=house.id)
    member = people.register_member(actor=SYSTEM, draft=reader, now=now).member_id
    assignment = people.grant_role(
        actor=SYSTEM, account_id=someone.pk, role=Role.LIBRARIAN, house_id=house.id, now=now, reason="hired"
    )
    terminal, _password = circulation.add_terminal(
        actor=SYSTEM, house_id=house.id, name="front", kind=TerminalKind.GATE, encoding="utf-8", language="fa", asks_pin=True, now=now
    )  # fmt: skip
    return {
        "terminal": terminal,
        "run": circulation.plan_run(
            actor=SYSTEM, day=now.date(), now=now, base_house_id=house.id,
            stops=[StopDraft(network.house_ids_by_code()[code]) for code in ("QM-LIB", "QM-KAHAK")],
        ),
        "inventory": circulation.open_inventory(actor=SYSTEM, house_id=house.id, now=now),
        "batch": batch, "item": item, "pair": pair, "contribution": contribution, "record": record,
        "decision": decision, "second": second, "assignment": assignment, "holiday": holiday,
        "member": member,
        **closed_space(),
        "account": someone.pk,
        "vacancy": vacancy_of("QM-AUTH"),
        **founded_by("QM-AUTH", "QM-LIB"),
        "call": call_of("QM-LIB"),
        "posting": need_of("QM-AUTH", "QM-LIB"),
        **device_of(house.id),
        **rules_of(house.id),
        **messages_of(house.id),
        **booked_by(someone.pk),
        **event_of(house.id, someone.pk),
        **course_of(someone.pk),
        **credited_at(house.code, someone.pk),
    }  # fmt: skip


def credited_at(house_code: str, account_id: int) -> dict[str, str]:
    """A credit of a house, and the sealed name of somebody's ledger."""
    draft = UnitDraft("SHOPTIME", Label("Shop time", "ساعت کارگاه", "Giờ xưởng"), house_code, {"mentoring": 100})
    return {
        "credit": credits_services.define_unit(actor=SYSTEM, draft=draft).code,
        "ledger": holders.sealed(Holder(account_id)),
    }


@pytest.fixture(autouse=True)
def _tools_are_lent() -> Iterator[None]:
    """An act that has rules; which acts a release has does not matter here."""
    registry.register(BORROW)
    yield
    registry.forget(BORROW.code)


def rules_of(house_id: int) -> dict[str, int]:
    """A set of a house's rules in force, with a draft beside it, and a decision."""
    now = datetime.now(UTC)
    policies.ensure_act(act=BORROW.code)
    scope = Scope("house", house_id)
    draft = policies.open_draft(actor=SYSTEM, act=BORROW.code, scope=scope, now=now)
    policies.save_rule(actor=SYSTEM, draft_id=draft, revision=0, rule=Rule(0, (), terms={"days": 9}), now=now)
    policies.publish(actor=SYSTEM, draft_id=draft, revision=1, note="", now=now)
    policies.open_draft(actor=SYSTEM, act=BORROW.code, scope=scope, now=now)
    made = policy_queries.set_at(act=BORROW.code, scope=scope)
    decided = policies.decide(Question(BORROW.code, house_id, {}, now)).decision_id
    assert made is not None
    assert decided is not None
    return {"policy": made, "policy_decision": decided}


def closed_space() -> dict[str, int]:
    """A space of a house that is closed for a while, a photograph of it, and a qualification."""
    now = datetime.now(UTC)
    draft = SpaceDraft("QM-CLOSED", "QM-LIB", "meeting_room", Label("Room", "اتاق", "Phòng"))
    space = spaces.add_space(actor=SYSTEM, draft=draft, now=now).id
    closed = spaces.close_space(
        actor=SYSTEM, space_id=space, kind=ClosureKind.REPAIR, starts=now, ends=None, now=now
    ).closure_id
    photo = SpacePhoto.objects.create(
        space_id=space, position=1, small="0" * 64, large="1" * 64, width=9, height=9, added_at=now
    ).pk
    assert closed is not None
    known = qualifications.define_qualification(
        actor=SYSTEM, draft=QualificationDraft("table-saw", Label("Table saw", "اره", "Máy cưa bàn"))
    )
    return {"closure": closed, "photo": photo, "qualification": known.id}


def call_of(code: str) -> int:
    """A draft of a call of a house, whose selection was begun."""
    now = datetime.now(UTC)
    house_id = network.house_ids_by_code([code])[code]
    names = Label("Incubator", "مرکز رشد", "Vườn ươm")
    draft = ProgrammeDraft("qm-incubator", ProgrammeKind.INCUBATION, names)
    programmes.add_programme(actor=SYSTEM, house_id=house_id, draft=draft, now=now)
    made = programmes.add_call(actor=SYSTEM, programme_code="qm-incubator", draft=CallDraft(names), now=now).id
    selection.open_round(actor=SYSTEM, call_id=made, now=now)
    return made


def vacancy_of(code: str) -> int:
    """A draft of a vacancy of an organisation, with the skills that ship."""
    placements.ensure_skills()
    draft = VacancyDraft(VacancyKind.JOB, Label("Binder", "صحاف", "Thợ đóng sách"), region_code="ir-qm")
    organisation_id = network.organisation(code).row.id
    now = datetime.now(UTC)
    return placements.add_vacancy(actor=SYSTEM, organisation_id=organisation_id, draft=draft, now=now).id


def founded_by(authority: str, house: str) -> dict[str, int]:
    """A standard of an authority with a draft of its next version, and a proposal in a house."""
    now = datetime.now(UTC)
    draft = StandardDraft("qm-centre", authority, "innovation_centre", Label("Centre", "مرکز", "Trung tâm"))
    item = ItemDraft("space", Label("Space", "فضا", "Không gian"))
    made = founding.add_standard(actor=SYSTEM, draft=draft, now=now)
    founding.set_items(actor=SYSTEM, standard_id=made.id, items=[item])
    founding.publish_standard(actor=SYSTEM, standard_id=made.id, now=now)
    plan = ProposalDraft("QM-NEW", made.id, "An empty hall", Label("New", "تازه", "Mới"), parent_code=house)
    return {
        "founded": founding.propose(actor=SYSTEM, draft=plan, now=now).id,
        "standard_draft": founding.add_standard(actor=SYSTEM, draft=draft, now=now).id,
    }


def need_of(code: str, house: str) -> int:
    """A published need of an organisation."""
    draft = PostingDraft(
        PostingKind.NEED, "en", "Reading carbon copies", "Readers of old copies fail on ours.", broker_house_code=house
    )
    organisation_id = network.organisation(code).row.id
    now = datetime.now(UTC)
    made = exchange.add_posting(actor=SYSTEM, organisation_id=organisation_id, draft=draft, now=now).id
    exchange.submit(actor=SYSTEM, posting_id=made, now=now)
    return exchange.approve(actor=SYSTEM, posting_id=made, now=now).id


def device_of(house_id: int) -> dict[str, int]:
    """A device of a house that lends without a line, and an act of it that somebody must settle."""
    now = datetime.now(UTC)
    device = Device(house_id, now).enrol()
    conflict = circulation.keep_conflict(
        source=ConflictSource.OFFLINE, house_id=house_id, device_id=device.id, number=1, act="check_in",
        kind=ConflictKind.COPY_UNKNOWN, facts={"barcode": "nowhere"}, happened_at=now, now=now,
    )  # fmt: skip
    return {"device": device.id, "conflict": conflict}


def messages_of(house_id: int) -> dict[str, int]:
    """A message of a house that failed, and an address that reaches nobody."""
    now = datetime.now(UTC)
    category, _ = MemberCategory.objects.get_or_create(code="table", defaults={"names": {"en": "Reader"}})
    member = Member.objects.create(home_house_id=house_id, category=category)
    problem = AddressProblem.objects.create(
        member=member, channel="email", address="a@example.org", reason="address_refused", found_at=now
    )
    message = Message.objects.create(
        member=member, house_id=house_id, channel="email", events=["circulation.ready"], state="failed",
        reason="rejected", not_before=now, created_at=now,
    )  # fmt: skip
    return {"message": message.pk, "problem": problem.pk}


def booked_by(account_id: int) -> dict[str, int]:
    """A room of a house, and a series of somebody's bookings of it."""
    now = datetime.now(UTC)
    spaces.ensure_policies()
    room = SpaceDraft("QM-ROOM", "QM-LIB", "meeting_room", Label("Room", "اتاق", "Phòng"), capacity=4)
    space_id = spaces.add_space(actor=SYSTEM, draft=room, now=now).id
    pattern = Pattern(Repeat.WEEKLY, first=now.date() + timedelta(days=1), count=2)
    rights = frozenset({"book_outside_hours", "book_for_blocked"})
    made = spaces.book_series(
        actor=SYSTEM, space_id=space_id, pattern=pattern, at=time(10), minutes=60, now=now, account_id=account_id,
        override=Override(rights, "the first of the year"),
    )  # fmt: skip
    first = made.possible[0]
    assert first.starts is not None
    waits = spaces.join_waiting_list(
        actor=SYSTEM, account_id=account_id, house_id=made.space.house.id, space_id=space_id, first=first.starts,
        last=first.starts + timedelta(hours=1), minutes=60, now=now,
    )  # fmt: skip
    return {"space": space_id, "series": made.series_id or 0, "booking": first.booking_id or 0, "waits": waits}


def event_of(house_id: int, account_id: int) -> dict[str, int]:
    """An event of a house that begins in an hour, and somebody who comes."""
    now = datetime.now(UTC)
    events.ensure_policies()
    starts = now + timedelta(hours=1)
    draft = EventDraft(house_id, "talk", Label("Talk", "سخنرانی", "Tọa đàm"), starts, starts + timedelta(hours=1))
    made = events.propose_event(actor=SYSTEM, draft=draft, now=now).id
    events.open_event(actor=SYSTEM, event_id=made, now=now)
    done = events.register(actor=SYSTEM, event_id=made, account_id=account_id, now=now)
    return {"event": made, "registration": done.registration_id}


def course_of(account_id: int) -> dict[str, int]:
    """A course of a house with a run that begins tomorrow, and somebody who is enrolled in it."""
    now = datetime.now(UTC)
    learning.ensure_policies()
    draft = CourseDraft("QM-COURSE", CourseKind.COURSE, Label("Course", "دوره", "Khóa học"), house_code="QM-LIB")
    learning.add_course(actor=SYSTEM, draft=draft, now=now)
    learning.publish_course(actor=SYSTEM, code="QM-COURSE", now=now)
    starts = now + timedelta(days=1)
    meetings = (MeetingDraft(starts, starts + timedelta(hours=1)),)
    run = learning.plan_run(actor=SYSTEM, draft=RunDraft("QM-COURSE", "QM-LIB", 20, meetings), now=now).id
    learning.open_run(actor=SYSTEM, run_id=run, now=now)
    done = learning.enrol(actor=SYSTEM, run_id=run, account_id=account_id, now=now)
    return {"course_run": run, "enrolment": done.enrolment_ids[0]}


@pytest.fixture
def clients() -> dict[str, Client]:
    """A browser of each of WHO."""
    now = datetime.now(UTC)
    far, near = (network.organisation(code).row.id for code in ("NA-AUTH", "QM-AUTH"))
    houses = {code: network.house(code, actor=SYSTEM, now=now).row.id for code in ("NA-LIB", "QM-LIB")}
    roles: dict[str, dict[str, Any]] = {
        "far_librarian": {"role": Role.LIBRARIAN, "house_id": houses["NA-LIB"]},
        "far_administrator": {"role": Role.ADMINISTRATOR, "organisation_id": far},
        "cataloguer": {"role": Role.CATALOGUER, "house_id": houses["QM-LIB"]},
        "administrator": {"role": Role.ADMINISTRATOR, "organisation_id": near},
        "lender": {"role": Role.CIRCULATION, "house_id": houses["QM-LIB"]},
        "courier": {"role": Role.COURIER, "house_id": houses["QM-LIB"]},
    }
    found = {"visitor": Client()}
    for who in WHO[1:]:
        account = Account.objects.create_user(f"{who}@example.org")
        if who in roles:
            people.grant_role(actor=SYSTEM, account_id=account.pk, now=now, reason="hired", **roles[who])
        found[who] = Client()
        found[who].force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return found


def address(name: str, arguments: dict[str, Any], things: dict[str, int]) -> str:
    return reverse(name, kwargs={key: things.get(value, value) for key, value in arguments.items()})


def outcome(response: Any) -> str:
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "in"
    return str(response.status_code)


def written(queries: CaptureQueriesContext) -> list[str]:
    """Statements that change anything but the session itself."""
    statements = (query["sql"] for query in queries.captured_queries)
    return [sql for sql in statements if _WRITES.search(sql) and not _OF_THE_SESSION.search(sql)]


def keyed() -> set[str]:
    """The API's calls that need a key; tests/interfaces/api/test_who_may.py has their rows, and fails for one without."""
    operations = (
        one for _, router in api._routers for path in router.path_operations.values() for one in path.operations
    )
    return {f"api-1:{one.view_func.__name__}" for one in operations if one.auth_callbacks}


def test_every_address_has_its_row() -> None:
    known = {*PUBLIC, *SIGNED_IN, *DESK, *keyed()}
    named = {name for name in routes() if not LIBRARY.match(name)}
    assert named - known == set(), "addresses without a row: say who may open them"
    assert known - named == set(), "rows without an address"


def test_everybody_may_open_what_is_public(things: dict[str, int]) -> None:
    for name, arguments in PUBLIC.items():
        response = Client().get(address(name, arguments, things))
        assert outcome(response) != "in", name
        assert response.status_code < 500, name
        assert response.status_code != 403, name


def test_an_account_is_asked_for_before_its_own_pages(clients: dict[str, Client]) -> None:
    for name in SIGNED_IN:
        assert outcome(clients["visitor"].get(reverse(name))) == "in", name
        assert clients["reader"].get(reverse(name)).status_code == 200, name


def test_the_desk_opens_to_whom_the_table_says(clients: dict[str, Client], things: dict[str, int]) -> None:
    wrong = []
    for name, (arguments, expected) in DESK.items():
        for who, wanted in zip(WHO, expected.split(), strict=True):
            with CaptureQueriesContext(connection) as queries:
                got = outcome(clients[who].get(address(name, arguments, things)))
            # A page that takes only POST may say so, or hide from those whom it is not for.
            hidden = (
                wanted == "405"
                and got == "404"
                and who in ("reader", "far_librarian", "far_administrator", "cataloguer", "lender", "courier")
            )
            if got != wanted and not hidden and not (wanted in ("in", "405") and got in ("in", "405")):
                wrong.append(f"{name} {who}: {got}, not {wanted}")
            if got != "200" and written(queries):
                wrong.append(f"{name} {who}: refused, and yet wrote {written(queries)[0][:80]}")
    assert not wrong, "\n".join(wrong)


def test_acts_on_another_places_things_are_refused_and_write_nothing(
    clients: dict[str, Client], things: dict[str, int]
) -> None:
    wrong = []
    for name, data in ACTS.items():
        for who in ("visitor", "reader", "far_librarian", "far_administrator", "courier"):
            if who == "courier" and name in DRIVEN:
                continue
            with CaptureQueriesContext(connection) as queries:
                sent = {key: things.get(value, value) for key, value in data.items()}
                got = outcome(clients[who].post(address(name, DESK[name][0], things), sent))
            if got not in ("in", "404") and not (who == "far_administrator" and got == TOLD.get(name)):
                wrong.append(f"{name} {who}: {got}")
            wrong += [f"{name} {who} wrote {sql[:80]}" for sql in written(queries)]
    assert not wrong, "\n".join(wrong)


def test_this_test_would_see_a_write(clients: dict[str, Client], things: dict[str, int]) -> None:
    with CaptureQueriesContext(connection) as queries:
        clients["cataloguer"].post(
            address("desk-quarantined-discard", {"item_id": "item"}, things), {"reason": "no record at all"}
        )
    assert written(queries)
    assert catalogue.record_page(things["record"]).id == things["record"]
