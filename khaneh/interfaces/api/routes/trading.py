"""One's own needs and offers: written, changed, submitted for review, taken back; and the word that one has an answer."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.types import Partnership, PostingDraft, PostingKind
from khaneh.domains.network import queries as network
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.routes.exchange import PostingOut, posting_shape, router
from khaneh.interfaces.api.values import Body, Code, Currency, Day, GivenCode, Id, IdInPath, Made, Text
from khaneh.kernel.refusal import NotFound

# One router for both: an address that is read there and written here is one address.
__all__ = ["router"]

_Title = Annotated[StrictStr, Field(max_length=200, pattern=r"^[^\x00]*$")]
_Said = Annotated[StrictStr, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*$")]
_Amount = Annotated[StrictInt, Field(ge=0, lt=10**15)]
_Level = Annotated[StrictInt, Field(ge=1, le=9)]


class BudgetIn(Body):
    """What may be spent, or is asked, in minor units of a currency, from and to."""

    least: _Amount
    most: _Amount | None = None
    currency: Currency


class WantedTrade(Body):
    """What a need or an offer says, in one language. Needed in `house`, where that is a house; reviewed by the brokers of `broker`.

    `readiness` is a level of ISO 16290; `sector` of ISIC Rev. 4; a need, not an offer, may be `anonymous`; `closes_on` is the last day on
    which it is shown, without one half a year from when it is published.
    """

    language: Literal["fa", "vi", "en"]
    title: _Title
    problem: Text
    context: Text = ""
    limits: Text = ""
    technology: Text = ""
    readiness: _Level | None = None
    budget: BudgetIn | None = None
    wanted_by: Day | None = None
    partnerships: Annotated[list[Partnership], Field(max_length=len(Partnership))] = []
    sector: Annotated[StrictStr, Field(pattern=r"^([A-U]|\d{2,4})?$")] = ""
    region: Code = ""
    house: Code = ""
    broker: GivenCode
    anonymous: StrictBool = False
    closes_on: Day | None = None

    def draft(self, kind: PostingKind) -> PostingDraft:
        """As the services take it."""
        budget = self.budget
        return PostingDraft(
            kind=kind, language=self.language, title=self.title, problem=self.problem, context=self.context, limits=self.limits,
            technology=self.technology, readiness=self.readiness, budget_from=budget.least if budget else None,
            budget_to=budget.most if budget else None, currency=budget.currency if budget else "", wanted_by=self.wanted_by,
            partnerships=tuple(dict.fromkeys(self.partnerships)), sector=self.sector, region_code=self.region,
            house_code=self.house, broker_house_code=self.broker, anonymous=self.anonymous, closes_on=self.closes_on,
        )  # fmt: skip


class PostingBody(WantedTrade):
    """A need or an offer of an organisation that one speaks for, by its code; of a house of it, by who speaks for that house."""

    kind: PostingKind
    organisation: GivenCode


class SubmitBody(Body):
    """`seen` as a refusal gave it: whoever submits has read what in an anonymous need tells who is behind it."""

    seen: Annotated[StrictStr, Field(max_length=64, pattern=r"^[^\x00]*$")] = ""


class InterestBody(Body):
    """Who has an answer, by the code of an organisation that one speaks for; what they have; by which published offer, if by one."""

    partner: GivenCode
    words: _Said
    offer: Id | None = None


class OwnPostings(Schema):
    """What changed last first."""

    postings: list[PostingOut]


@router.get("/organisations/{code}/exchange", response={200: OwnPostings, **FAILURES}, auth=KEY)
def own_postings(request: HttpRequest, code: GivenCode) -> OwnPostings:
    """The needs and offers of an organisation, in whatever state, for which one speaks; nothing, for who speaks for none of them."""
    organisation_id = _organisation(code)
    rows = queries.own_postings(actor_of(request))
    return OwnPostings(
        postings=[posting_shape(row) for row in rows if row.organisation and row.organisation.id == organisation_id]
    )


@writes(router, "/exchange", answer=Made, status=201)
def posting_write(request: HttpRequest, body: PostingBody) -> Made:
    """Write a need or an offer as a draft, which nobody else sees."""
    made = services.add_posting(
        actor=actor_of(request), organisation_id=_organisation(body.organisation), draft=body.draft(body.kind), now=timezone.now()
    )  # fmt: skip
    return Made(id=made.id)


@writes(router, "/exchange/{posting_id}", answer=PostingOut, method="put")
def posting_rewrite(request: HttpRequest, posting_id: IdInPath, body: WantedTrade) -> PostingOut:
    """Make a draft say this, all of it."""
    actor = actor_of(request)
    draft = body.draft(queries.posting(posting_id, actor=actor).kind)
    return posting_shape(services.change_posting(actor=actor, posting_id=posting_id, draft=draft, now=timezone.now()))


@writes(router, "/exchange/{posting_id}/submit", answer=PostingOut)
def posting_submit(request: HttpRequest, posting_id: IdInPath, body: SubmitBody) -> PostingOut:
    """Ask the brokers to look at it. What tells who is behind an anonymous need is refused until one says that one has seen it."""
    return posting_shape(
        services.submit(actor=actor_of(request), posting_id=posting_id, seen=body.seen, now=timezone.now())
    )


@writes(router, "/exchange/{posting_id}/take-back", answer=PostingOut)
def posting_take_back(request: HttpRequest, posting_id: IdInPath) -> PostingOut:
    """Make a draft of it again, to be changed: nobody finds it then, and it is reviewed anew."""
    return posting_shape(services.take_back(actor=actor_of(request), posting_id=posting_id, now=timezone.now()))


@writes(router, "/exchange/{posting_id}/interest", answer=Made, status=201)
def posting_interest(request: HttpRequest, posting_id: IdInPath, body: InterestBody) -> Made:
    """Tell the broker of a need what one has for it. Gives the match; said again it is the same one."""
    made = services.show_interest(
        actor=actor_of(request), need_id=posting_id, partner_id=_organisation(body.partner), words=body.words,
        offer_id=body.offer, now=timezone.now(),
    )  # fmt: skip
    return Made(id=made)


def _organisation(code: str) -> int:
    """Raises NotFound."""
    found = network.organisation_id(code)
    if found is None:
        raise NotFound(what="organisation")
    return found
