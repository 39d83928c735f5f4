"""Nothing is sent twice: a sender killed between handing over and marking, two senders at the same time, two who tell."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection

from khaneh.domains.circulation import notices as circulation
from khaneh.domains.network.models import House
from khaneh.domains.notices import services
from khaneh.domains.notices.models import Message, Notice
from khaneh.domains.notices.types import Round, State
from khaneh.infrastructure import mail
from khaneh.infrastructure.outgoing import Mailer
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves
from tests.domains.notices.conftest import Carrier
from tests.infrastructure.smtp_server import SmtpServer, smtp_server
from tests.races.catalogue.test_killed_import import database_url

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server(settings: object) -> Iterator[SmtpServer]:
    with smtp_server() as running:
        for name, value in mail.django_settings(running.url(), outbox=None).items():  # type: ignore[arg-type]
            setattr(settings, name, value)
        yield running


@pytest.fixture
def network() -> Shelves:
    return make_shelves()


def tell(network: Shelves, number: int = 1) -> None:
    """Notices of a kind whose facts are plain: the end of a membership that ends then."""
    for _ in range(number):
        member = network.member(email="sara@example.org")
        services.tell(
            event="circulation.membership_ending", member_id=member.pk, house_id=network.central.pk, now=NOW,
            facts={"member": member.pk, "ends": member.expires_on.isoformat()}, key=f"ending:{member.pk}",
        )  # fmt: skip
    services.gather(now=NOW)


SOON = NOW + timedelta(minutes=31)


def sender(server: SmtpServer) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DATABASE_URL": database_url(), "EMAIL_URL": server.url(), "TEST_NOW": SOON.isoformat()}
    return subprocess.Popen([sys.executable, "-m", "tests.races.notices.send_me"], env=environment)


def test_not_once_1_a_sender_killed_after_handing_over_leaves_a_question_and_no_second_mail(
    network: Shelves, server: SmtpServer
) -> None:
    tell(network)
    server.hold = True
    process = sender(server)
    assert server.holding.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    server.hold = False
    server.release.set()
    assert len(server.taken) == 1
    assert Message.objects.get().state == State.SENDING
    # Whoever comes next sends nothing, at once or when the dead one is given up.
    later = SOON + timedelta(hours=1)
    with Mailer() as mailer:
        for now in (SOON, later):
            assert services.send_due(mail=mailer, sms=Carrier(), now=now) == Round()
            services.recover(sms=Carrier(), now=now)
        message = Message.objects.get()
        assert (message.state, message.reason) == (State.UNSURE, "no_answer")
        assert services.send_due(mail=mailer, sms=Carrier(), now=later) == Round()
        assert len(server.taken) == 1
        # A person decides, and the second mail says that it is the first.
        services.send_again(actor=SYSTEM, message_id=message.pk, now=later)
        assert services.send_due(mail=mailer, sms=Carrier(), now=later) == Round(sent=1)
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert Notice.objects.get().facts == {}


def test_not_once_1_control_without_the_mark_it_would_go_twice(network: Shelves, server: SmtpServer) -> None:
    """The same death with the mark taken away: the next sender cannot know, and sends again."""
    tell(network)
    server.hold = True
    process = sender(server)
    assert server.holding.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    server.hold = False
    server.release.set()
    Message.objects.update(state=State.WAITING.value, claimed_at=None)
    with Mailer() as mailer:
        assert services.send_due(mail=mailer, sms=Carrier(), now=SOON) == Round(sent=1)
    assert len(server.taken) == 2


def at_once(*acts: Callable[[], object]) -> None:
    """Run all at the same time, each with a connection of its own; the first error is raised."""
    errors: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    close_old_connections()
    if errors:
        raise errors[0]


def test_not_once_2_two_senders_share_the_queue(network: Shelves) -> None:
    tell(network, 30)
    together, carriers = threading.Barrier(2), (Carrier(), Carrier())

    def work(carrier: Carrier) -> Callable[[], object]:
        def act() -> None:
            together.wait(30)
            services.send_due(mail=carrier, sms=carrier, now=SOON)

        return act

    at_once(*(work(carrier) for carrier in carriers))
    tokens = [one["token"] for carrier in carriers for one in carrier.taken]
    assert len(tokens) == len(set(tokens)) == 30
    assert Message.objects.filter(state=State.SENT.value).count() == 30


def test_not_once_2_control_without_the_lock_both_take_the_same(network: Shelves) -> None:
    tell(network)
    together, taken = threading.Barrier(2), []

    def act() -> None:
        found = Message.objects.filter(state=State.WAITING.value, not_before__lte=SOON).order_by("pk").first()
        together.wait(30)
        assert found is not None
        Message.objects.filter(pk=found.pk).update(state=State.SENDING.value, claimed_at=SOON)
        taken.append(found.pk)

    at_once(act, act)
    assert len(taken) == 2
    assert len(set(taken)) == 1


def test_not_once_3_told_twice_at_the_same_time_it_is_one_notice(network: Shelves) -> None:
    member, together = network.member(email="a@example.org"), threading.Barrier(4)

    def act() -> None:
        together.wait(30)
        circulation.tell_charged(entry_id=1, member_id=member.pk, house_id=network.central.pk, now=NOW)

    at_once(act, act, act, act)
    assert Notice.objects.count() == 1


def test_not_once_4_two_who_gather_make_one_message_of_each(network: Shelves) -> None:
    for number in range(40):
        member = network.member(email="a@example.org")
        circulation.tell_charged(entry_id=number, member_id=member.pk, house_id=network.central.pk, now=NOW)
    together = threading.Barrier(2)

    def act() -> None:
        together.wait(30)
        while services.gather(now=NOW, limit=7):
            pass

    at_once(act, act)
    # One may have passed over what the other held; what is left is gathered by the next.
    while services.gather(now=NOW):
        pass
    assert Message.objects.count() == 40
    assert House.objects.count() == 3
