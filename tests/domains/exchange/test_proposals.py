"""What is proposed for a need: who can do it in whatever language, with what speaks for it; not who withdrew, nor its own organisation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.models import LearntWeights, MatchText
from khaneh.domains.exchange.queries import proposals
from khaneh.domains.exchange.rules import matching
from khaneh.domains.exchange.rules.shelf import TERMS_VERSION
from khaneh.domains.exchange.types import CloseReason, EvidenceKind, PostingKind, Proposal, ProposedKind, Unproposed
from khaneh.domains.network.models import Organisation
from khaneh.domains.network.types import Role
from khaneh.domains.profiles import services as profiles
from khaneh.domains.profiles.types import ProfileDraft
from khaneh.infrastructure import meaning
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed, NotFound
from tests.domains.exchange.bazaar import NOW, Bazaar

OCR = Label("We read old and faded typescript and handwriting by machine", "", "Nhận dạng chữ viết cũ, mờ bằng máy")
CLAY = Label("Tiles and bowls of glazed clay", "کاشی و کاسهٔ سفال لعاب‌دار", "")


@pytest.fixture(autouse=True)
def shelf() -> Iterator[None]:
    """Nothing is remembered of other tests' tables."""
    queries.forget_shelf()
    yield
    queries.forget_shelf()


def _shows(bazaar: Bazaar, company: Organisation, makes: Label) -> None:
    who = bazaar._with(Role.ADMINISTRATOR, organisation=company)
    profiles.open_profile(actor=who, organisation_id=company.pk, now=NOW)
    profiles.change_profile(actor=who, organisation_id=company.pk, draft=ProfileDraft(makes), now=NOW)
    profiles.publish(actor=who, organisation_id=company.pk, now=NOW)


@pytest.fixture
def market(bazaar: Bazaar) -> Bazaar:
    """Two companies that say what they make."""
    _shows(bazaar, bazaar.company, OCR)
    _shows(bazaar, bazaar.rival, CLAY)
    return bazaar


def _of(found: tuple[Proposal, ...], kind: ProposedKind) -> dict[int, Proposal]:
    return {one.key: one for one in found if one.kind is kind}


@pytest.mark.skipif(not meaning.available(), reason="no model of meaning on this machine")
def test_a_need_in_persian_finds_who_says_it_in_english_and_vietnamese(market: Bazaar) -> None:
    need = market.need()
    assert services.gather_texts() >= 3
    assert services.read_texts() >= 3
    companies = _of(queries.proposals_for(need.id, market.broker(), NOW), ProposedKind.ORGANISATION)
    assert next(iter(companies)) == market.company.pk
    best = companies[market.company.pk]
    if market.rival.pk in companies:
        assert best.score > companies[market.rival.pk].score
    said = {one.kind: one.said for one in best.evidence}
    assert said[EvidenceKind.MEANING].pick("vi") == OCR.vi
    assert best.title.pick("en") == market.company.names["en"]
    assert best.code == market.company.code


def test_words_alone_are_enough_where_there_is_no_model(market: Bazaar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "_model", lambda: None)
    offer = market.offer(problem="نویسه‌خوانی که برگه‌های کپی کاربنی کم‌رنگ را می‌خواند.", technology="نویسه‌خوان")
    need = market.need()
    services.gather_texts()
    assert services.read_texts() == 0
    found = _of(queries.proposals_for(need.id, market.broker(), NOW), ProposedKind.OFFER)
    said = {one.kind: one.said.fa for one in found[offer.id].evidence}
    assert said[EvidenceKind.WORDS] == "کپی کاربنی · نویسه‌خوان"
    assert said[EvidenceKind.READINESS]
    assert EvidenceKind.SECTOR in said
    assert 0 < found[offer.id].score < 1


def test_what_is_gone_or_refused_or_its_own_is_not_proposed(market: Bazaar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "_model", lambda: None)
    offer, need, broker = market.offer(), market.need(), market.broker()
    town = market.need(title="نویسه‌خوان برای شهر")
    services.gather_texts()
    found = queries.proposals_for(need.id, broker, NOW)
    assert set(_of(found, ProposedKind.OFFER)) == {offer.id}
    services.decide_proposal(
        actor=broker, need_id=need.id, proposal=_of(found, ProposedKind.OFFER)[offer.id], accepted=False, now=NOW
    )
    assert not _of(queries.proposals_for(need.id, broker, NOW), ProposedKind.OFFER)
    assert _of(queries.proposals_for(town.id, broker, NOW), ProposedKind.OFFER)
    services.close_posting(actor=market.speaker(), posting_id=offer.id, reason=CloseReason.NOT_WANTED, now=NOW)
    # Not read again since: it is left out all the same.
    assert not _of(queries.proposals_for(town.id, broker, NOW), ProposedKind.OFFER)
    services.gather_texts()
    row = MatchText.objects.get(kind="offer", key=offer.id)
    assert (row.gone, row.text, row.vector) == (True, "", None)


def test_texts_are_gathered_once_and_read_again_when_they_change(market: Bazaar) -> None:
    services.gather_texts()
    assert services.gather_texts() == 0
    before = MatchText.objects.get(kind="organisation", key=market.company.pk)
    MatchText.objects.filter(pk=before.pk).update(vector=np.zeros(384, np.float16).tobytes(), version="of old")
    who = market._with(Role.ADMINISTRATOR, organisation=market.company)
    profiles.change_profile(actor=who, organisation_id=market.company.pk, draft=ProfileDraft(CLAY), now=NOW)
    assert services.gather_texts() == 1
    after = MatchText.objects.get(pk=before.pk)
    assert after.vector is None
    assert after.revision > before.revision
    assert CLAY.en in after.text


def test_who_may_not_see_a_need_is_told_nothing(market: Bazaar) -> None:
    need = market.need(state="draft")
    with pytest.raises(NotFound):
        queries.proposals_for(need.id, market.person(), NOW)


def test_refusals_make_what_was_followed_count_less(market: Bazaar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "_model", lambda: None)
    assert services.learn_weights(now=NOW) is False
    offer, broker = market.offer(), market.broker()
    need = market.need()
    services.gather_texts()
    proposal = _of(queries.proposals_for(need.id, broker, NOW), ProposedKind.OFFER)[offer.id]
    services.decide_proposal(actor=broker, need_id=need.id, proposal=proposal, accepted=False, now=NOW)
    assert services.learn_weights(now=NOW) is True
    assert services.learn_weights(now=NOW) is False
    assert LearntWeights.objects.get().refused == 1
    learnt = queries.weights_in_force()
    assert matching.score(proposal.features, learnt) < proposal.score
    assert learnt["words"] < matching.SHIPPED["words"]
    assert market.need(kind=PostingKind.NEED, title="دیگر").id


def test_who_is_never_proposed_is_told(market: Bazaar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "_model", lambda: None)
    who = market._with(Role.ADMINISTRATOR, organisation=market.company)
    said = Label("", "برگه‌های کپی کاربنی را با نویسه‌خوان می‌خوانیم، هزار برگه در روز.", "")
    profiles.change_profile(actor=who, organisation_id=market.company.pk, draft=ProfileDraft(said), now=NOW)
    market.need()
    services.gather_texts()
    found = queries.coverage()
    assert (found.needs, found.organisations, found.proposed) == (1, 2, 1)
    assert [one.organisation.id for one in found.unseen] == [market.rival.pk]
    assert found.unseen[0].best < 0.1


def test_whom_proposals_reached_is_kept_with_the_reason_why_others_were_not(
    market: Bazaar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "_model", lambda: None)
    who = market._with(Role.ADMINISTRATOR, organisation=market.company)
    said = Label("", "برگه‌های کپی کاربنی کم‌رنگ را با نویسه‌خوان می‌خوانیم و جست‌وجوپذیر به کتابخانه برمی‌گردانیم.", "")
    profiles.change_profile(actor=who, organisation_id=market.company.pk, draft=ProfileDraft(said), now=NOW)
    market.need()
    services.gather_texts()
    assert services.reckon_reach(now=NOW) == 1
    page = queries.reach_page(actor=market.broker())
    assert (page.proposed, page.total) == (1, 1)
    assert [(row.organisation.id, row.reason) for row in page.rows] == [(market.rival.pk, Unproposed.NO_SECTOR)]
    # What has been proposed once stays so when its profile changes, and who has withdrawn is told apart.
    profiles.change_profile(actor=who, organisation_id=market.company.pk, draft=ProfileDraft(CLAY), now=NOW)
    profiles.withdraw(
        actor=market._with(Role.ADMINISTRATOR, organisation=market.rival), organisation_id=market.rival.pk, now=NOW
    )
    services.gather_texts()
    services.reckon_reach(now=NOW)
    page = queries.reach_page(actor=market.broker(), reason=Unproposed.WITHDRAWN)
    assert (page.proposed, page.total, page.reasons[Unproposed.NO_SECTOR]) == (1, 1, 0)
    with pytest.raises(NotAllowed):
        queries.reach_page(actor=market.person())


def test_a_process_reads_no_text_and_what_was_written_before_is_numbered(market: Bazaar) -> None:
    services.gather_texts()
    MatchText.objects.update(terms=None, terms_version=0)
    before = queries.forget_shelf() or shelf_terms()
    services.gather_texts()
    assert not MatchText.objects.filter(gone=False).exclude(terms_version=TERMS_VERSION).exists()
    queries.forget_shelf()
    assert shelf_terms() == before


def shelf_terms() -> list[bytes]:
    """The words of everything that is compared, as a process holds them."""
    return sorted(row.terms for row in proposals.shelf().rows)
