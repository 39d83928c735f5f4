"""The list of skills: two that are the same become one, and ESCO's own list is taken in beside words of ours."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.discovery.models import Pending
from khaneh.domains.placements import queries, services
from khaneh.domains.placements.errors import FileUnreadable, SkillsDiffer
from khaneh.domains.placements.models import SeekerSkill, Skill
from khaneh.domains.placements.types import EscoOutcome, Level, Mastered, SeekerDraft, Shelf, SkillDraft, SkillWish
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed
from tests.domains.placements.market import NOW, Market, draft

pytestmark = pytest.mark.django_db
# The heads of ESCO's skills_en.csv; the lines are made up, since the file itself is not ours to ship.
HEADS = (
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
    "modifiedDate", "scopeNote", "definition", "inScheme", "description",
)  # fmt: skip
URI = "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-00000000000"


def esco(*lines: dict[str, str]) -> bytes:
    """A file in ESCO's layout."""
    written = io.StringIO()
    table = csv.DictWriter(written, HEADS)
    table.writeheader()
    for number, line in enumerate(lines, start=1):
        usual = {"conceptType": "KnowledgeSkillCompetence", "conceptUri": f"{URI}{number}", "status": "released"}
        table.writerow({**usual, **line})
    return b"\xef\xbb\xbf" + written.getvalue().encode()


FILE = esco(
    {"preferredLabel": "pottery and CERAMICS", "altLabels": "make pots\nthrow clay"},
    {"preferredLabel": "operate kilns", "altLabels": "fire ceramics\nbaking", "skillType": "skill/competence"},
    {"preferredLabel": "ancient trade", "status": "obsolete"},
    {"preferredLabel": "crafts", "conceptType": "SkillGroup"},
    {"preferredLabel": "odd", "conceptUri": "http://example.org/1"},
    {"preferredLabel": ""},
    {"preferredLabel": "operate kilns again", "conceptUri": f"{URI}2"},
)


def test_each_line_of_a_file_has_its_answer_and_our_words_stay(market: Market) -> None:
    before = queries.skill("pottery")
    tried = services.import_esco(actor=SYSTEM, data=FILE, only_try=True)
    assert not tried.applied
    assert queries.skill("pottery") == before
    report = services.import_esco(actor=SYSTEM, data=FILE)
    assert report.lines == tried.lines
    assert [(line.line, line.outcome.value, line.reason or line.code) for line in report.lines] == [
        (2, "linked", "pottery"),
        (3, "entered", "resembles"),
        (4, "refused", "not_released"),
        (5, "refused", "not_a_skill"),
        (6, "refused", "format"),
        (7, "refused", "required"),
        (8, "refused", "twice"),
    ]
    assert report.lines[1].like == "baking", "a skill of ours has the name that ESCO gives among others"
    pottery, kilns = queries.skill("pottery"), queries.skill(report.lines[1].code)
    assert (pottery.esco, pottery.names) == (f"{URI}1", before.names), "our words in three languages stay"
    assert (kilns.names, kilns.active) == (Label("operate kilns", "", ""), False), "it lies aside until it is offered"
    again = services.import_esco(actor=SYSTEM, data=FILE)
    assert again.counts == {EscoOutcome.SAME: 2, EscoOutcome.REFUSED: 5}


# As the file is written: quoted cells with commas, doubled quotation marks and lines of their own, ends of lines as of either kind.
AS_PUBLISHED = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,scopeNote,definition,"
    "inScheme,description\r\n"
    f'KnowledgeSkillCompetence,{URI}1,skill/competence,cross-sector,"measure, mark and cut ""blanks""","mark blanks\ncut blanks\n'
    'measure, then cut",blanks,released,2023-11-30T15:53:37.136Z,,,"http://data.europa.eu/esco/concept-scheme/skills, '
    'http://data.europa.eu/esco/concept-scheme/member-skills","Take the measure of a blank,\nmark it\nand cut it."\r\n'
    f'KnowledgeSkillCompetence,{URI}2,knowledge,sector-specific,kiln types,,,released,2024-05-14T08:00:00Z,"Excludes people\n'
    'who fire kilns.","Kinds of kilns.",http://data.europa.eu/esco/concept-scheme/skills,\r\n'
)


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_a_file_as_esco_publishes_it(market: Market, ends: str) -> None:
    report = services.import_esco(actor=SYSTEM, data=AS_PUBLISHED.replace("\r\n", ends).encode())
    assert report.counts == {EscoOutcome.ENTERED: 2}
    first, second = (Skill.objects.get(code=line.code) for line in report.lines)
    assert first.names["en"] == 'measure, mark and cut "blanks"'
    assert first.esco_words == [first.names["en"], "mark blanks", "cut blanks", "measure, then cut"]
    assert (second.esco, second.esco_words) == (f"{URI}2", ["kiln types"])


def test_a_later_edition_changes_escos_words_and_none_of_ours(market: Market) -> None:
    services.import_esco(actor=SYSTEM, data=FILE)
    own = Label("Pottery", "سفالگری", "Làm gốm")
    services.change_skill(actor=SYSTEM, code="pottery", draft=SkillDraft("pottery", own, f"{URI}1"))
    later = esco({"preferredLabel": "make ceramics"}, {"preferredLabel": "tend kilns", "altLabels": "fire ceramics"})
    report = services.import_esco(actor=SYSTEM, data=later)
    assert report.counts == {EscoOutcome.CHANGED: 2}
    assert queries.skill("pottery").names == own
    assert queries.skill(report.lines[1].code).names.en == "tend kilns"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"\xff\xfe", "not_utf8"), (b"name,age\n1,2\n", "columns"), (b"", "columns"), (b'"\x00\n', "columns")],
)
def test_what_is_no_list_of_esco_is_refused_whole(market: Market, data: bytes, reason: str) -> None:
    with pytest.raises(FileUnreadable) as refused:
        services.import_esco(actor=SYSTEM, data=data)
    assert refused.value.facts["reason"] == reason


def test_a_merged_skill_counts_as_the_other_everywhere(market: Market) -> None:
    employer = market.employer()
    names = Label("CNC milling", "فرزکاری", "Phay CNC")
    services.define_skill(actor=SYSTEM, draft=SkillDraft("milling", names, f"{URI}9"))
    both = market.vacancy(
        employer, skills=(SkillWish("milling", Level.EXPERT, essential=True), SkillWish("cnc-operation", Level.BASIC))
    )
    one = market.vacancy(employer, skills=(SkillWish("milling", Level.BASIC),))
    sara = market.seeker(skills=(Mastered("milling", Level.EXPERT), Mastered("cnc-operation", Level.BASIC)))
    market.seeker(skills=(Mastered("milling", Level.BASIC),))
    Pending.objects.all().delete()
    assert services.merge_skills(actor=SYSTEM, code="milling", into="cnc-operation") == (2, 2)
    assert set(Pending.objects.values_list("key", flat=True)) == {both.id, one.id}, (
        "they are found by the other's words"
    )
    found = queries.vacancy(both.id, actor=VISITOR).skills
    assert [(wish.skill.code, wish.level, wish.essential) for wish in found] == [("cnc-operation", Level.EXPERT, True)]
    assert queries.match_of(queries.vacancy(one.id, actor=VISITOR), sara.account_id or 0, actor=sara, now=NOW)
    (had,) = SeekerSkill.objects.filter(seeker__account_id=sara.account_id or 0)
    assert (had.skill.code, had.level) == ("cnc-operation", 3)
    assert queries.skill("cnc-operation").esco == f"{URI}9", "the address goes with it"
    use = queries.skill_use("milling", actor=SYSTEM)
    assert (use.merged_into, use.skill.active, use.vacancies, use.seekers) == ("cnc-operation", False, 0, 0)
    assert queries.skill_words(["milling"]) == {"milling": names}, "kept evidence has its words"
    # A form that was open meanwhile names the merged one still, or both.
    wishes = (Mastered("milling", Level.INDEPENDENT), Mastered("cnc-operation", Level.BASIC))
    services.save_profile(actor=sara, draft=SeekerDraft("W-QM", kinds=(draft().kind,), skills=wishes), now=NOW)
    assert [(skill.code, level) for skill, level in queries.seeker_of(sara.account_id or 0, actor=sara).skills] == [  # type: ignore[union-attr]
        ("cnc-operation", 2)
    ]
    services.change_vacancy(
        actor=employer, vacancy_id=one.id, now=NOW,
        draft=draft(skills=(SkillWish("milling", Level.EXPERT), SkillWish("cnc-operation", essential=True))),
    )  # fmt: skip
    assert [
        (wish.skill.code, wish.level, wish.essential) for wish in queries.vacancy(one.id, actor=VISITOR).skills
    ] == [("cnc-operation", Level.EXPERT, True)]
    services.change_skill(actor=SYSTEM, code="milling", draft=SkillDraft("milling", names))
    assert queries.skill_use("milling", actor=SYSTEM).merged_into == "", "it stands for itself again"


def test_only_what_is_the_same_is_merged(market: Market) -> None:
    services.import_esco(actor=SYSTEM, data=FILE)
    kilns = services.import_esco(actor=SYSTEM, data=FILE).lines[1].code
    services.offer_skills(actor=SYSTEM, codes=[kilns, "nothing"])
    for code, into in (("pottery", "pottery"), ("pottery", kilns), (kilns, "pottery")):
        with pytest.raises(SkillsDiffer):
            services.merge_skills(actor=SYSTEM, code=code, into=into)
    services.offer_skills(actor=SYSTEM, codes=["baking"], offered=False)
    with pytest.raises(SkillsDiffer):
        services.merge_skills(actor=SYSTEM, code="weaving", into="baking")
    assert not Skill.objects.filter(merged_into__isnull=False).exists()


def test_the_list_is_its_keepers_and_found_in_any_words(market: Market) -> None:
    services.import_esco(actor=SYSTEM, data=FILE)

    def codes(**facts: Any) -> list[str]:
        return [row.skill.code for row in queries.skill_list(actor=SYSTEM, **facts).rows]

    assert codes(words="سفال") == codes(words="throw CLAY") == codes(words="gốm") == ["pottery"]
    assert codes(words="fire ceramics") == []
    (aside,) = codes(shelf=Shelf.ASIDE)
    assert codes(words="fire ceramics", shelf=Shelf.ALL) == [aside]
    assert services.offer_skills(actor=SYSTEM, codes=[aside]) == 1
    assert services.offer_skills(actor=SYSTEM, codes=[aside]) == 0
    assert aside in {row.code for row in queries.skills()}
    for who in (VISITOR, market.employer(), market.person()):
        for act in (
            lambda who=who: queries.skill_list(actor=who),
            lambda who=who: services.import_esco(actor=who, data=FILE),
            lambda who=who: services.merge_skills(actor=who, code="pottery", into="baking"),
            lambda who=who: services.offer_skills(actor=who, codes=["pottery"]),
        ):
            with pytest.raises(NotAllowed):
                act()
    with CaptureQueriesContext(connection) as seen:
        assert queries.skill_list(actor=SYSTEM).total > 40
    assert len(seen) <= 5
