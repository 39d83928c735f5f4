"""Invitations to write with others, by the token that a letter carries.

A token is made of the invitation's number under the installation's secret and stands in no table: only the letter has it. It counts once, while the
invitation waits, and thirty days from it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer

from khaneh.domains.people import queries as people
from khaneh.domains.programmes.models import ApplicationMember
from khaneh.domains.programmes.types import ApplicationState, InvitationRow, Part
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

LASTS = timedelta(days=30)
_SALT = "khaneh.programmes.invitation"


def invitation_token(member_id: int) -> str:
    """What opens one invitation."""
    return Signer(salt=_SALT, sep=".").sign(str(member_id))


def invitation(token: str, *, now: datetime) -> InvitationRow:
    """Who asks, and for which call; of the application itself nothing. Two statements.

    Raises NotFound, for one that is forged, taken, taken back or too old alike.
    """
    waiting = ApplicationMember.objects.select_related("application__call").filter(account=None)
    one = waiting.filter(pk=invited_member(token)).exclude(application__state=ApplicationState.WITHDRAWN.value).first()
    if one is None or now >= one.invited_at + LASTS:
        raise NotFound(what="invitation")
    application = one.application
    names = people.account_names([application.account_id])
    return InvitationRow(
        application_id=application.pk,
        call_id=application.call_id,
        call=Label.from_dict(application.call.names),
        lead=names.get(application.account_id or 0, ""),
        part=Part(one.part),
        until=one.invited_at + LASTS,
        language=application.language,
    )


def invited_member(token: str) -> int:
    """The number of the invitation in a token, whether it still waits or not. Raises NotFound for a forged one."""
    try:
        return int(Signer(salt=_SALT, sep=".").unsign(token))
    except (BadSignature, ValueError):
        raise NotFound(what="invitation") from None
