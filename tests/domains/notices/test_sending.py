"""From what is told to what is sent, with carriers that remember."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.network.models import House
from khaneh.domains.notices import queries, services
from khaneh.domains.notices.errors import MessageSettled, TemplateChanged, TemplateWrong
from khaneh.domains.notices.models import AddressProblem, Choice, InboxItem, Message, Notice, Part
from khaneh.domains.notices.queries.readers import of_member, readers
from khaneh.domains.notices.types import Channel, QuietHours, Round, State, Text, Told
from khaneh.domains.people.models import Account, Member
from khaneh.domains.people.queries.contacts import contacts
from khaneh.infrastructure.outgoing import Handed, Outcome
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.calendars import Calendar
from khaneh.kernel.refusal import NotAllowed, NotFound
from tests.domains.circulation.shelves import NOW, Shelves
from tests.domains.notices.conftest import Carrier

pytestmark = pytest.mark.django_db
_keys = count(1)


def reader(shelves: Shelves, **facts: Any) -> Member:
    return shelves.member(**{"email": "sara@example.org", "phone": "0912 345 6789", "given_name": "Sara", **facts})


def tell(member: Member, title: str = "Shahnameh", event: str = "test.soon", **more: Any) -> None:
    facts = {"key": f"k{next(_keys)}", "now": NOW, **more}
    services.tell(event=event, member_id=member.pk, house_id=member.home_house_id, facts={"title": title}, **facts)


def work(mail: Carrier, sms: Carrier, now: Any = NOW) -> Round:
    services.gather(now=now)
    return services.send_due(mail=mail, sms=sms, now=now)


def test_not_tell_1_telling_is_one_statement_and_counts_once(shelves: Shelves) -> None:
    member = reader(shelves)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        tell(member, key="same")
    assert len(seen) == 1
    tell(member, title="again", key="same")
    assert Notice.objects.get().facts == {"title": "Shahnameh"}
    told = [Told(member.pk, shelves.central.pk, {"title": str(n)}, f"many{n % 3}") for n in range(3)]
    assert services.tell_many(event="test.soon", told=told, now=NOW) == 3
    assert services.tell_many(event="test.soon", told=told, now=NOW) == 0
    with pytest.raises(NotFound):
        tell(member, event="test.unheard")


def test_not_send_1_a_notice_becomes_a_letter_and_is_forgotten(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    member = reader(shelves, language="fa")
    tell(member, title="The Old Man")
    assert work(mail, sms) == Round(sent=1)
    (sent,) = mail.taken
    assert (sent["to"], sent["subject"]) == ("sara@example.org", "دربارهٔ \u2068The Old Man\u2069")
    assert "- \u2068The Old Man\u2069" in sent["plain"]
    assert "Sara" in sent["plain"]
    notice = Notice.objects.get()
    assert (notice.facts, notice.member_id, notice.done_at) == ({}, None, NOW.replace(hour=0))
    assert not Part.objects.exists()
    assert Message.objects.get().state == State.SENT
    assert work(mail, sms) == Round()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(n)::text || row_to_json(m)::text FROM notices_notice n, notices_message m")
        assert "Old Man" not in cursor.fetchone()[0]


def test_not_send_2_the_database_refuses_to_keep_what_was_told(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    tell(reader(shelves))
    work(mail, sms)
    with pytest.raises(IntegrityError, match="done_is_empty"):
        Notice.objects.update(facts={"title": "kept"})


def test_not_send_3_twenty_things_are_one_letter(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    member = reader(shelves)
    for number in range(19):
        tell(member, title=f"Book {number:02}", event="test.later")
    services.gather(now=NOW)
    tell(member, title="Book 19", event="test.later")
    services.gather(now=NOW + timedelta(minutes=5))
    assert services.send_due(mail=mail, sms=sms, now=NOW + timedelta(minutes=29)) == Round()
    assert services.send_due(mail=mail, sms=sms, now=NOW + timedelta(minutes=30)) == Round(sent=1)
    assert [f"Book {number:02}" in mail.taken[0]["plain"] for number in range(20)] == [True] * 20
    assert Notice.objects.filter(done_at__isnull=False).count() == 20


def test_not_send_4_what_is_urgent_takes_along_what_waits(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    member = reader(shelves)
    tell(member, title="patient", event="test.later")
    services.gather(now=NOW)
    tell(member, title="urgent")
    assert work(mail, sms) == Round(sent=1)
    assert "patient" in mail.taken[0]["plain"]
    assert "urgent" in mail.taken[0]["plain"]
    assert mail.taken[0]["subject"] == "2 messages from T-CENTRAL"


def test_not_send_5_nobody_is_woken(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    night = NOW.replace(hour=20)  # 23:30 in Tehran
    tell(reader(shelves), now=night)
    assert work(mail, sms, night) == Round()
    assert work(mail, sms, night + timedelta(hours=8, minutes=29)) == Round()
    assert work(mail, sms, night + timedelta(hours=8, minutes=30)) == Round(sent=1)


def test_not_send_6_a_house_sets_its_own_quiet_hours(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    services.set_quiet_hours(actor=SYSTEM, house_id=shelves.central.pk, quiet=QuietHours(0, 0), now=NOW)
    night = NOW.replace(hour=20)
    tell(reader(shelves), now=night)
    assert work(mail, sms, night) == Round(sent=1)


def test_not_send_7_what_is_over_or_too_late_is_not_told(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    tell(reader(shelves), title="over")
    tell(reader(shelves), until=NOW + timedelta(minutes=1))
    services.gather(now=NOW)
    assert services.send_due(mail=mail, sms=sms, now=NOW + timedelta(minutes=2)) == Round(suppressed=2)
    assert mail.taken == []
    assert set(Message.objects.values_list("reason", flat=True)) == {"no_longer_true", "too_late"}
    assert not Notice.objects.filter(done_at__isnull=True).exists()


@pytest.mark.parametrize("email", [True, False])
@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize("app", [True, False])
def test_not_choose_1_every_choice_is_kept_to(
    shelves: Shelves, mail: Carrier, sms: Carrier, email: bool, text: bool, app: bool
) -> None:
    account = Account.objects.create(email="own@example.org")
    member = reader(shelves, account=account)
    wanted = {Channel.EMAIL: email, Channel.SMS: text, Channel.APP: app}
    for event in ("test.everywhere", "test.soon"):
        services.choose(member_id=member.pk, wanted={(event, channel): yes for channel, yes in wanted.items()})
        tell(member, event=event)
    work(mail, sms)
    assert (len(mail.taken), len(sms.taken), InboxItem.objects.count()) == (email, text, 2 * app)
    rows = {row.event: row for row in queries.choices(member_id=member.pk)}
    assert rows["test.everywhere"].wanted == rows["test.soon"].wanted == wanted


def test_not_choose_2_only_what_differs_is_kept(shelves: Shelves) -> None:
    member = reader(shelves)
    services.choose(member_id=member.pk, wanted={("test.soon", Channel.EMAIL): True, ("test.soon", Channel.SMS): True})
    assert Choice.objects.get().channel == "sms"
    assert queries.members_wanting(event="test.soon") == {member.pk}
    services.choose(member_id=member.pk, wanted={("test.soon", Channel.SMS): False})
    assert not Choice.objects.exists()


def test_not_send_8_who_has_no_mail_gets_a_text_message_unless_refused(
    shelves: Shelves, mail: Carrier, sms: Carrier
) -> None:
    tell(reader(shelves, email=""))
    refusing = reader(shelves, email="")
    Choice.objects.create(member=refusing, event="test.soon", channel="sms", wanted=False)
    tell(refusing)
    tell(reader(shelves, email="", phone=""))
    assert work(mail, sms) == Round(sent=1)
    assert sms.taken[0]["to"] == "+989123456789"
    assert Message.objects.filter(state="suppressed", reason="no_address").count() == 2


def test_not_send_9_a_busy_server_is_tried_again_and_in_the_end_given_up(
    shelves: Shelves, mail: Carrier, sms: Carrier
) -> None:
    services.set_quiet_hours(actor=SYSTEM, house_id=shelves.central.pk, quiet=QuietHours(0, 0), now=NOW)
    mail.answer = Handed(Outcome.LATER, "busy", "try later")
    tell(reader(shelves))
    now, rounds = NOW, []
    for _ in range(8):
        rounds.append(work(mail, sms, now))
        now += timedelta(hours=9)
    assert [one.retried for one in rounds] == [1, 1, 1, 1, 1, 0, 0, 0]
    assert rounds[5].failed == 1
    assert len(mail.taken) == 6
    assert len({one["token"] for one in mail.taken}) == 1
    message = Message.objects.get()
    assert (message.state, message.reason, message.detail) == ("failed", "busy", "try later")
    mail.answer = Handed(Outcome.SENT)
    services.send_again(actor=SYSTEM, message_id=message.pk, now=now)
    assert work(mail, sms, now) == Round(sent=1)
    assert Notice.objects.get().facts == {}


def test_not_send_10_a_wrong_address_becomes_a_question_for_the_desk(
    shelves: Shelves, mail: Carrier, sms: Carrier
) -> None:
    mail.answer = Handed(Outcome.NEVER, "address_refused", "no such user", address_wrong=True)
    member = reader(shelves)
    tell(member)
    assert work(mail, sms) == Round(failed=1)
    (problem,) = queries.address_problems(actor=SYSTEM, house_id=shelves.central.pk)
    assert (problem.member_id, problem.channel, problem.times) == (member.pk, Channel.EMAIL, 1)
    # Nothing more goes there until a person says so, or the address is another.
    tell(member, title="second")
    assert work(mail, sms) == Round(suppressed=1)
    assert Message.objects.filter(reason="address_wrong").count() == 1
    mail.answer = Handed(Outcome.SENT)
    Member.objects.filter(pk=member.pk).update(email="new@example.org")
    tell(member, title="third")
    assert work(mail, sms) == Round(sent=1)
    services.settle_address(actor=SYSTEM, problem_id=problem.id, now=NOW)
    assert queries.address_problems(actor=SYSTEM, house_id=shelves.central.pk) == []


def test_not_send_11_what_is_doubtful_waits_for_a_person(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    mail.answer = Handed(Outcome.UNSURE, "no_answer", "TimeoutError")
    tell(reader(shelves))
    assert work(mail, sms) == Round(unsure=1)
    assert work(mail, sms, NOW + timedelta(days=1)) == Round()
    (row,) = queries.messages(actor=SYSTEM, house_id=shelves.central.pk, states=[State.UNSURE])
    with pytest.raises(NotAllowed):
        services.take_as_sent(actor=VISITOR, message_id=row.id, now=NOW)
    services.take_as_sent(actor=SYSTEM, message_id=row.id, now=NOW)
    with pytest.raises(MessageSettled):
        services.send_again(actor=SYSTEM, message_id=row.id, now=NOW)
    assert Notice.objects.get().facts == {}
    assert len(mail.taken) == 1


def test_not_send_12_a_text_that_breaks_stops_nothing_else(
    shelves: Shelves, mail: Carrier, sms: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = reader(shelves)
    services.tell(
        event="test.soon", member_id=broken.pk, house_id=broken.home_house_id, facts={"title": ["x"]}, key="b", now=NOW
    )
    from khaneh.domains.notices.rules import writing

    plain = writing.show

    def show(variable: Any, value: Any, *given: Any, **more: Any) -> str:
        if isinstance(value, list):
            raise ValueError("no text")
        return plain(variable, value, *given, **more)

    monkeypatch.setattr(writing, "show", show)
    tell(reader(shelves))
    assert work(mail, sms) == Round(sent=1, failed=1)
    assert Message.objects.get(state="failed").reason == "text_wrong"


def test_not_send_13_a_dead_senders_message_is_sent_again_only_by_a_carrier_that_sends_once(
    shelves: Shelves, mail: Carrier, sms: Carrier
) -> None:
    tell(reader(shelves))
    tell(reader(shelves, email=""))
    services.gather(now=NOW)
    assert services.claim(now=NOW) is not None
    assert services.claim(now=NOW) is not None
    assert services.recover(sms=sms, now=NOW + timedelta(minutes=14)) == 0
    once = Carrier(sends_once=True)
    assert services.recover(sms=once, now=NOW + timedelta(minutes=16)) == 1
    assert dict(Message.objects.values_list("channel", "state")) == {"email": "unsure", "sms": "waiting"}


def test_not_text_9_the_nearest_house_that_wrote_a_text_counts(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    House.objects.filter(pk=shelves.branch.pk).update(parent=shelves.central)
    act = {"actor": SYSTEM, "event": "test.soon", "channel": Channel.EMAIL, "language": "en", "now": NOW}
    services.save_text(**act, house_id=shelves.central.pk, text=Text("Central {title}", "x"))
    tell(reader(shelves, house=shelves.branch))
    work(mail, sms)
    services.save_text(**act, house_id=shelves.branch.pk, text=Text("Branch {title}", "x"))
    tell(reader(shelves, house=shelves.branch))
    work(mail, sms)
    services.drop_text(
        actor=SYSTEM, house_id=shelves.central.pk, event="test.soon", channel=Channel.EMAIL, language="en"
    )
    tell(reader(shelves))
    work(mail, sms)
    assert [one["subject"] for one in mail.taken] == ["Central Shahnameh", "Branch Shahnameh", "About Shahnameh"]


def test_not_text_10_what_is_saved_is_checked_and_nobody_writes_over_another(shelves: Shelves) -> None:
    act = {
        "actor": SYSTEM, "house_id": shelves.central.pk, "event": "test.soon", "channel": Channel.EMAIL,
        "language": "fa", "now": NOW,
    }  # fmt: skip
    with pytest.raises(TemplateWrong) as caught:
        services.save_text(**act, text=Text("s", "{titel}"))
    assert caught.value.facts["problems"] == [{"part": "body", "code": "unknown_variable", "at": 0, "name": "titel"}]
    assert services.save_text(**act, text=Text("s", "{title}")) == 1
    with pytest.raises(TemplateChanged):
        services.save_text(**act, text=Text("s", "mine"))
    assert services.save_text(**act, text=Text("s", "mine"), revision=1) == 2
    with pytest.raises(NotAllowed):
        services.save_text(**{**act, "actor": VISITOR}, text=Text("s", "x"), revision=2)


def test_not_text_11_a_preview_shows_samples_in_each_language(shelves: Shelves) -> None:
    act = {"event": "test.soon", "channel": Channel.EMAIL, "house_id": shelves.central.pk}
    shown = {
        language: queries.preview(**act, language=language, text=Text("{title}", "[items]{title}[/items]"))
        for language in ("fa", "vi", "en")
    }
    assert {language: letter.subject for language, letter in shown.items()} == {
        "fa": "نمونه", "vi": "Mẫu", "en": "Sample"
    }  # fmt: skip
    framed = queries.preview(
        event="notices.frame", channel=Channel.EMAIL, language="en", house_id=shelves.central.pk,
        text=Text("many", "Hello {name}!\n{content}"),
    )  # fmt: skip
    assert framed.plain == "Hello Sara Ahmadi!\nWhat the message tells."


def test_not_inbox_1_it_is_written_when_read_and_forgotten_when_over(
    shelves: Shelves, mail: Carrier, sms: Carrier
) -> None:
    account = Account.objects.create(email="own@example.org")
    member = reader(shelves, account=account)
    tell(member, event="test.everywhere", title="Hafez")
    tell(member, event="test.everywhere", title="over")
    work(mail, sms)
    contact = of_member(contacts([member.pk])[member.pk])
    (row,) = queries.inbox(contact=contact, language="fa", calendar=Calendar.JALALI, now=NOW)
    assert row.subject == "دربارهٔ \u2068Hafez\u2069"
    assert services.read(member_id=member.pk, item_ids=[row.id], now=NOW) == 1
    assert queries.unread(member_id=member.pk) == 1
    services.tidy(now=NOW + timedelta(hours=1))
    assert queries.unread(member_id=member.pk) == 0
    services.throw_away(member_id=member.pk + 1, item_id=row.id)
    assert InboxItem.objects.count() == 1
    services.tidy(now=NOW + timedelta(days=31))
    assert not InboxItem.objects.exists()


def test_not_keep_1_what_nobody_settles_and_who_got_it_are_forgotten(
    shelves: Shelves, mail: Carrier, sms: Carrier
) -> None:
    mail.answer = Handed(Outcome.UNSURE)
    tell(reader(shelves), title="secret")
    work(mail, sms)
    services.tidy(now=NOW + timedelta(days=29))
    assert Notice.objects.get().facts == {"title": "secret"}
    services.tidy(now=NOW + timedelta(days=31))
    assert Notice.objects.get().facts == {}
    services.tidy(now=NOW + timedelta(days=91))
    assert Message.objects.get().member_id is None
    assert queries.told_counts(house_id=shelves.central.pk, since=NOW.replace(hour=0)) == {"test.soon": 1}


def test_not_keep_2_erasing_a_member_leaves_nothing_of_them(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    account = Account.objects.create(email="own@example.org")
    member = reader(shelves, account=account)
    services.choose(member_id=member.pk, wanted={("test.soon", Channel.SMS): True})
    tell(member, event="test.everywhere")
    services.gather(now=NOW)
    tell(member, title="not gathered")
    AddressProblem.objects.create(member=member, channel="email", address="x", reason="address_refused", found_at=NOW)
    exported = services.export_member(member.pk)
    assert {name: len(rows) for name, rows in exported.items()} == {
        "choices": 1, "account": 1, "messages": 2, "waiting": 2, "addresses_that_failed": 1
    }  # fmt: skip
    services.erase_member(member.pk, now=NOW)
    assert {len(rows) for rows in services.export_member(member.pk).values()} == {0}
    assert not Notice.objects.exclude(facts={}).exists()
    assert work(mail, sms, NOW + timedelta(days=1)) == Round()
    assert (mail.taken, sms.taken) == ([], [])


def test_not_keep_3_merging_members_takes_along_what_waits(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    kept, gone = reader(shelves, email="kept@example.org"), reader(shelves, email="gone@example.org")
    tell(gone)
    services.gather(now=NOW)
    services.merge_members(kept_id=kept.pk, gone_id=gone.pk)
    services.send_due(mail=mail, sms=sms, now=NOW)
    assert mail.taken[0]["to"] == "kept@example.org"


def test_the_statements_of_gathering_do_not_grow_with_the_notices(shelves: Shelves) -> None:
    costs = []
    for size in (1, 40):
        for _ in range(size):
            tell(reader(shelves))
        services.gather(now=NOW)
        with CaptureQueriesContext(connection) as seen:
            for _ in range(size):
                tell(reader(shelves))
            before = len(seen)
            services.gather(now=NOW)
        costs.append(len(seen) - before)
    assert costs[0] == costs[1] <= 16


def test_whoever_has_an_account_and_no_membership_is_told_too(shelves: Shelves, mail: Carrier, sms: Carrier) -> None:
    holder = Account.objects.create(email="guest@example.org", name="Guest", language="vi")

    def told(key: str) -> None:
        services.tell_account(
            event="test.everywhere", account_id=holder.pk, house_id=shelves.central.pk, facts={"title": "Laser"}, key=key,
            now=NOW,
        )  # fmt: skip

    for _ in range(2):
        told("k1")
    assert work(mail, sms) == Round(sent=1)
    assert (mail.taken[0]["to"], mail.taken[0]["subject"]) == ("guest@example.org", "Về Laser")
    assert (sms.taken, Notice.objects.get().account_id) == ([], None)
    guest = readers(account_ids=[holder.pk])[None, holder.pk]
    (row,) = queries.inbox(contact=guest, language="en", calendar=Calendar.GREGORIAN, now=NOW)
    assert queries.unread(account_id=holder.pk) == 1
    services.throw_away(account_id=holder.pk + 1, item_id=row.id)
    assert services.read(account_id=holder.pk, item_ids=[row.id], now=NOW) == 1
    # Whoever becomes a member is told as one from then on.
    member = reader(shelves, account=holder)
    told("k2")
    assert list(Notice.objects.filter(done_at=None).values_list("member_id", "account_id")) == [(member.pk, None)]
    Member.objects.filter(pk=member.pk).update(account=None)
    told("k3")
    services.gather(now=NOW)
    assert Message.objects.filter(account=holder, state="waiting").count() == 1
    services.erase_account(holder.pk, now=NOW)
    assert not Message.objects.filter(account=holder).exists()
    assert not InboxItem.objects.filter(account=holder).exists()
    told("k4")
    Account.objects.filter(pk=holder.pk).update(is_active=False)
    services.gather(now=NOW)
    assert not Message.objects.filter(account=holder).exists(), "a closed account is written to no more"
    with pytest.raises(IntegrityError, match="one_reader"):
        InboxItem.objects.create(
            member=member, account=holder, house=shelves.central, event="test.soon", facts={}, told_at=NOW
        )
