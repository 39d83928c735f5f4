"""Letters to colleagues who have no account yet: who asks, for which call, and the address under which the invitation is taken."""

from __future__ import annotations

import html
from datetime import datetime

from django.conf import settings

from khaneh.domains.programmes import queries
from khaneh.domains.programmes.models import ApplicationMember
from khaneh.infrastructure.outgoing import Handed, Mailer, Outcome
from khaneh.kernel.calendars import calendar_for, show_date
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_SUBJECT = Label(
    "{lead} asks you to write an application together",
    "{lead} از شما برای نوشتن یک درخواست دعوت کرده است",
    "{lead} mời bạn cùng soạn một hồ sơ",
)
_BODY = Label(
    "{lead} asks you to write an application together, for this call: {call}\n\n"
    "Open this address, sign in or open an account, and join:\n{address}\n\n"
    "It works once, until {until}. Do not pass it on: whoever opens it can join in your place. If you know nothing of this, do nothing.",
    "{lead} از شما دعوت کرده است که با هم برای این فراخوان درخواست بنویسید: {call}\n\n"
    "این نشانی را باز کنید، وارد شوید یا حساب بسازید و به گروه بپیوندید:\n{address}\n\n"
    "این نشانی یک بار و تا {until} کار می‌کند. آن را به دیگری ندهید: هر که بازش کند می‌تواند به جای شما بپیوندد. اگر از این دعوت خبر ندارید، کاری نکنید.",
    "{lead} mời bạn cùng soạn hồ sơ cho đợt này: {call}\n\n"
    "Hãy mở địa chỉ sau, đăng nhập hoặc mở tài khoản rồi tham gia:\n{address}\n\n"
    "Địa chỉ dùng được một lần, đến hết {until}. Đừng chuyển cho người khác: ai mở được cũng có thể tham gia thay bạn. "
    "Nếu bạn không biết về việc này, không cần làm gì.",
)


class LetterWaits(Exception):
    """The mail server did not take it and may later: the job is tried again."""


def send_invitation(*, member_id: int, mailer: Mailer, now: datetime) -> Handed | None:
    """Write to an address that was invited; None where nobody waits there any more. Raises LetterWaits.

    The letter is in the language of the application, whose writers know whom they ask.
    """
    token = queries.invitation_token(member_id)
    try:
        row = queries.invitation(token, now=now)
    except NotFound:
        return None
    address = ApplicationMember.objects.values_list("email", flat=True).get(pk=member_id)
    language = row.language if row.language in ("fa", "vi") else "en"
    facts = {
        # Names are others' words: of one line, and too short for a message of their own.
        "lead": " ".join(row.lead.split())[:80],
        "call": " ".join(row.call.pick(language).split())[:200],
        "address": f"{settings.SITE_URL}/invitations/{token}",
        "until": show_date(row.until.date(), calendar=calendar_for("", language), language=language),
    }
    subject, plain = (text.pick(language).format(**facts) for text in (_SUBJECT, _BODY))
    handed = mailer.send(
        to=address,
        subject=subject,
        plain=plain,
        html=_html(plain, language),
        token=f"programmes-invitation-{member_id}",
    )
    if handed.outcome is Outcome.LATER:
        raise LetterWaits(handed.reason)
    return handed


def _html(plain: str, language: str) -> str:
    direction = "rtl" if language == "fa" else "ltr"
    paragraphs = "".join(
        "<p>" + "<br>".join(_line(line) for line in block.split("\n")) + "</p>" for block in plain.split("\n\n")
    )
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><body dir="{direction}">{paragraphs}</body></html>'
    )


def _line(text: str) -> str:
    written = html.escape(text)
    return f'<a href="{written}" dir="ltr">{written}</a>' if text.startswith(settings.SITE_URL) else written
