"""Who calls, and calls that change something: a key in the header, an act done once however often it is told."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Annotated, Any, TypeVar, get_type_hints

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Router, Schema
from ninja.security import HttpBearer

from khaneh.domains.people import permissions as people_permissions
from khaneh.domains.people import queries as people_queries
from khaneh.domains.people import services as people
from khaneh.domains.people.errors import TokenNotForAccount
from khaneh.domains.people.types import Answered, Caller
from khaneh.interfaces.api import problems
from khaneh.interfaces.api.problems import Problem
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound, Refusal, RefusalKind

# How any call with a key may fail.
FAILURES: dict[int, Any] = dict.fromkeys((401, 403, 404, 409, 422, 429), Problem)
View = TypeVar("View", bound=Callable[..., Schema])

CallKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description=(
            "A name for this call, chosen by the caller, e.g. a UUID. Told again within a day, the call is not done again and the same "
            "answer comes, with Idempotent-Replayed: true."
        ),
    ),
]


class Key(HttpBearer):
    """A key that somebody made in their account, or for a machine."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Who calls. Raises TokenUnknown, TooManyCalls."""
        caller = people.open_token(token, now=timezone.now(), address=request.META.get("REMOTE_ADDR", ""))
        return replace(caller, actor=replace(caller.actor, language=request.LANGUAGE_CODE))


KEY = Key()


def caller_of(request: HttpRequest) -> Caller:
    """Who calls, behind `KEY`."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a call, behind `KEY`."""
    return caller_of(request).actor


def desk_of(request: HttpRequest) -> Actor:
    """The actor of a call about any member: whoever works at a desk somewhere. Raises NotAllowed."""
    actor = actor_of(request)
    people_permissions.require_serve(actor)
    return actor


def require_member(member_id: int) -> None:
    """That there is such a member. Two statements. Raises NotFound."""
    if member_id not in people_queries.lines([member_id]):
        raise NotFound(what="member")


def own_account(request: HttpRequest) -> int:
    """The account of a key that acts in its maker's own name. Raises TokenNotForAccount."""
    caller = caller_of(request)
    if not caller.own_account or caller.actor.account_id is None:
        raise TokenNotForAccount
    return caller.actor.account_id


def require_own_or(request: HttpRequest, *, at_desk: bool) -> Actor:
    """Who deals with something that is their own or at their desk: a key that is not for its maker's account does so at the desk alone.

    Raises TokenNotForAccount.
    """
    caller = caller_of(request)
    if not caller.own_account and not at_desk:
        raise TokenNotForAccount
    return caller.actor


def account_of(member_id: int) -> int:
    """The account of a member. One statement. Raises NotFound, also for a member without one."""
    contact = people_queries.contacts([member_id]).get(member_id)
    if contact is None or contact.account_id is None:
        raise NotFound(what="account")
    return contact.account_id


def writes(
    router: Router, path: str, *, answer: type[Schema], status: int = 200, method: str = "post", tag: str = ""
) -> Callable[[View], View]:
    """Add a call that changes something: its view gives the answer, which is kept with the act under the call's Idempotency-Key.

    A refusal of the act is an answer too. What says that a part does not answer is not kept: such a call may be made again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def called(request: HttpRequest, *, idempotency_key: str, **values: Any) -> HttpResponse:
            def act() -> Answered:
                try:
                    made = view(request, **values)
                except Refusal as refusal:
                    if refusal.kind is RefusalKind.UNAVAILABLE:
                        raise
                    return problems.answered(refusal)
                return Answered(status, "application/json", made.model_dump_json().encode())

            asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
            told = people.answer_once(
                caller=caller_of(request), key=idempotency_key, asked=asked, now=timezone.now(), act=act
            )
            response = HttpResponse(told.body, status=told.status, content_type=told.media_type)
            response["Cache-Control"] = "private, no-store"
            if told.again:
                response["Idempotent-Replayed"] = "true"
            return response

        # The names in a view's annotations are its own module's; the call's key stands beside them.
        hints = get_type_hints(view, include_extras=True)
        own = [
            one.replace(annotation=hints.get(one.name, one.annotation))
            for one in inspect.signature(view).parameters.values()
        ]
        key = inspect.Parameter("idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=CallKey)
        called.__signature__ = inspect.Signature([*own, key])  # type: ignore[attr-defined]
        add = getattr(router, method)
        add(path, response={status: answer, **FAILURES}, auth=KEY, **({"tags": [tag]} if tag else {}))(called)
        return view

    return decorate
