"""The deadline's last second: whoever is told that it was in time is in, whoever was late is told so, and nothing is lost between the two."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from khaneh.domains.people.models import Account
from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.errors import CallNotOpen
from khaneh.domains.programmes.models import Application, ApplicationMember, FormVersion, Submission
from khaneh.domains.programmes.services import holding
from khaneh.domains.programmes.types import (
    ApplicationDraft,
    ApplicationState,
    CallRow,
    Question,
    QuestionKind,
    SubmissionRow,
)
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.programmes.calling import CLOSES, NOW, QUESTIONS, Calling, make_calling, said
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
SHORT = (Question("plan", QuestionKind.TEXT, said("Plan"), required=True),)
# Of two hundred a quarter is in when the last moment begins; the others need far longer than it, however fast the machine.
APPLICANTS, AT_ONCE, LAST = 200, 24, 0.2


@pytest.fixture
def calling(transactional_db: None) -> Calling:
    """A house that calls, and people."""
    return make_calling()


def test_two_hundred_hand_in_around_the_deadline_and_each_is_in_or_told(calling: Calling) -> None:
    """By PostgreSQL's clock alone, with the judging of conditions begun at the first moment at which it may begin."""
    call = calling.call(questions=SHORT, closes_at=timezone.now() + timedelta(days=2), quotas=())
    writers = _drafts(call)

    def hand_in(writer: tuple[Actor, int]) -> object:
        try:
            return services.submit(actor=writer[0], application_id=writer[1], revision=0)
        except CallNotOpen as refusal:
            return refusal
        finally:
            connection.close()

    def judge() -> Counter[str]:
        try:
            while (now := holding.clock()) < closes_at:
                sleep(0.01)
            return services.check_conditions(actor=SYSTEM, call_id=call.id, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        early = list(pool.map(hand_in, writers[: APPLICANTS // 4]))
        closes_at = _closing_in(call.id, LAST)
        judging = pool.submit(judge)
        answers = [*early, *pool.map(hand_in, writers[APPLICANTS // 4 :])]
        judged = judging.result()
    handed_in = [one for one in answers if isinstance(one, SubmissionRow)]
    late = [one for one in answers if isinstance(one, CallNotOpen)]
    assert len(handed_in) + len(late) == APPLICANTS
    assert handed_in
    assert late
    assert {one.facts["why"] for one in late} == {"late"}
    # Everybody who holds a receipt was judged, nobody else was, and each receipt is one application's.
    assert Submission.objects.count() == len(handed_in) == sum(judged.values())
    assert Application.objects.filter(state=ApplicationState.ELIGIBLE.value).count() == len(handed_in)
    assert Application.objects.filter(state=ApplicationState.DRAFT.value).count() == len(late)
    assert len({one.receipt for one in handed_in}) == len(handed_in)


def _closing_in(call_id: int, seconds: float) -> datetime:
    """Let the deadline be so soon. In public it only moves away: this goes past the trigger that keeps that, as no service can."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE programmes_call SET closes_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s RETURNING closes_at",
            [seconds, call_id],
        )
        closes_at: datetime = cursor.fetchone()[0]
    return closes_at


def _drafts(call: CallRow) -> list[tuple[Actor, int]]:
    """Whole applications that were never handed in, each of somebody else."""
    accounts = Account.objects.bulk_create(Account(email=f"last{number}@example.org") for number in range(APPLICANTS))
    typed = {"title": "Shelves", "summary": "RFID", "region": "P-QM", "answers": {"plan": "Shelves that read"}}
    assert call.form is not None
    now = timezone.now()
    made = Application.objects.bulk_create(
        Application(
            call_id=call.id, account=one, form_id=call.form.id, typed=typed, made_key=one.email, made_at=now, changed_at=now
        )
        for one in accounts
    )  # fmt: skip
    ApplicationMember.objects.bulk_create(
        ApplicationMember(application=one, account_id=one.account_id, part="lead", invited_at=now, joined_at=now)
        for one in made
    )
    return [(Actor(account_id=one.account_id), one.pk) for one in made]


@LOCKED
def test_conditions_are_judged_while_somebody_hands_in(calling: Calling, locked: bool) -> None:
    call, who = calling.call(), calling.person()
    row = calling.written(who, call)
    last = CLOSES - timedelta(milliseconds=1)
    handing_in = partial(services.submit, actor=who, application_id=row.id, revision=row.revision, now=last)
    judging = partial(services.check_conditions, actor=SYSTEM, call_id=call.id, now=CLOSES)
    answers = meanwhile(handing_in, judging, before="INSERT INTO programmes_submission", locked=locked)
    assert kinds(answers) == ("SubmissionRow", "Counter")
    # Without the call's row held, somebody with a receipt was never judged.
    state = ApplicationState.ELIGIBLE if locked else ApplicationState.SUBMITTED
    assert queries.application(row.id).state is state


@LOCKED
def test_two_colleagues_save_at_one_moment(calling: Calling, locked: bool) -> None:
    call, who = calling.call(), calling.person()
    row = calling.written(who, call)
    both = [
        partial(
            services.save, actor=who, application_id=row.id, revision=row.revision, now=NOW,
            draft=ApplicationDraft(title, "RFID", "P-QM", {}),
        )
        for title in ("Mine", "Yours")
    ]  # fmt: skip
    answers = kinds(meanwhile(*both, before="UPDATE programmes_application", locked=locked))
    # Without the lock the second is overwritten by the first, and nobody is told.
    assert answers == ("ApplicationRow", "ChangedMeanwhile" if locked else "ApplicationRow")


@LOCKED
def test_two_applications_of_one_person_pass_no_limit_together(calling: Calling, locked: bool) -> None:
    call, who = calling.call(), calling.person()
    rows = [calling.written(who, call) for _ in range(2)]
    both = [partial(services.submit, actor=who, application_id=row.id, revision=row.revision, now=NOW) for row in rows]
    meanwhile(*both, before="INSERT INTO programmes_submission", locked=locked)
    met = [one.eligibility.permitted for one in queries.applications_of(call.id) if one.eligibility]
    assert sorted(met) == ([False, True] if locked else [True, True])


@LOCKED
def test_two_officers_decide_at_once(calling: Calling, locked: bool) -> None:
    call = calling.call()
    row = calling.handed_in(calling.person(), call)
    services.check_conditions(actor=SYSTEM, call_id=call.id, now=CLOSES)
    services.advance(actor=SYSTEM, application_id=row.id, to=ApplicationState.UNDER_REVIEW, now=CLOSES)
    both = [
        partial(
            services.advance, actor=calling.keeper(), application_id=row.id, to=to, reason=to.value, now=CLOSES,
            seen=ApplicationState.UNDER_REVIEW,
        )
        for to in (ApplicationState.ACCEPTED, ApplicationState.DECLINED)
    ]  # fmt: skip
    answers = kinds(meanwhile(*both, before="UPDATE programmes_application", locked=locked))
    # Without the lock both believe that they have decided.
    assert answers == ("ApplicationRow", "ApplicationStateRefused" if locked else "ApplicationRow")
    assert queries.application(row.id).state is ApplicationState.ACCEPTED


def test_a_form_is_published_once(calling: Calling) -> None:
    call, keeper = calling.call(), calling.keeper()
    services.save_form(actor=keeper, call_id=call.id, questions=QUESTIONS[:1], revision=None, now=NOW)
    both = [partial(services.publish_form, actor=keeper, call_id=call.id, now=NOW) for _ in range(2)]
    assert kinds(meanwhile(*both, before="UPDATE programmes_formversion")) == ("FormRow", "FormMissing")
    assert FormVersion.objects.filter(call_id=call.id, published_at__isnull=False).count() == 2
