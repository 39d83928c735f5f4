"""Files into union records: what an import counts, keeps, matches, and does when it is run again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from khaneh.domains.catalogue import errors, queries, services
from khaneh.domains.catalogue.models import (
    AuthorityName,
    Contribution,
    ContributionVersion,
    Copy,
    MergeDecision,
    QuarantineItem,
    Record,
    SeenAgain,
)
from khaneh.domains.catalogue.services.importing import run
from khaneh.domains.catalogue.types import ImportReport, ImportState
from khaneh.formats.marc.types import Field
from khaneh.formats.marc.types import Record as Marc
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from khaneh.kernel.refusal import NotAllowed
from tests.domains.catalogue import books, snapshot

pytestmark = pytest.mark.django_db


def poured(path: Path, **more: str) -> ImportReport:
    return services.import_file(actor=SYSTEM, path=path, **more)


def test_a_file_becomes_records_contributions_and_copies_with_their_bytes(tmp_path: Path) -> None:
    one = books.record("1", **books.KHAYYAM, copies=(("B1", "MAIN"), ("B2", "MAIN")))
    two = books.record("2", **books.KIEU)
    report = poured(books.write(tmp_path / "a.mrc", one, two))
    assert (report.state, report.read, report.new, report.matched, report.quarantined, report.copies) == (
        ImportState.DONE, 2, 2, 0, 0, 2,
    )  # fmt: skip
    kept = Contribution.objects.order_by("id")
    assert [bytes(row.raw) for row in kept] == [books.iso(one), books.iso(two)]
    assert [row.identity for row in kept] == ["TEST|1", "TEST|2"]
    assert list(Copy.objects.order_by("barcode").values_list("barcode", "price_amount", "price_currency")) == [
        ("B1", 45000, "VND"),
        ("B2", 45000, "VND"),
    ]
    assert queries.import_report(report.batch_id).records_per_second > 0


def test_a_file_run_twice_changes_nothing(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KHAYYAM), books.record(**books.KIEU))
    path.write_bytes(path.read_bytes() + b"00050 this is no record at all\x1d")
    first = poured(path)
    before = snapshot.tables()
    second = poured(path)
    assert (first.new, first.quarantined) == (2, 1)
    assert (second.read, second.new, second.unchanged, second.quarantined) == (3, 0, 2, 1)
    assert second.batch_id != first.batch_id
    assert snapshot.tables() == before


def test_other_bytes_under_the_same_number_are_a_next_version_and_the_old_ones_are_kept(tmp_path: Path) -> None:
    old = books.record("1", **books.KIEU, copies=(("B1", "X"), ("B2", "X")))
    new = books.record("1", **books.KIEU, note="Tái bản", copies=(("B2", "X"), ("B3", "X")))
    poured(books.write(tmp_path / "a.mrc", old), source="vinh")
    number = Record.objects.get().pk
    report = poured(books.write(tmp_path / "b.mrc", new), source="vinh")
    assert (report.new, report.changed, report.copies) == (0, 1, 1)
    row = Contribution.objects.get()
    assert (row.version, bytes(row.raw), row.record_id) == (2, books.iso(new), number)
    assert bytes(ContributionVersion.objects.get().raw) == books.iso(old)
    assert dict(Copy.objects.values_list("barcode", "state")) == {
        "B1": "withdrawn",
        "B2": "available",
        "B3": "available",
    }
    assert "Tái bản" in Record.objects.get().document
    assert not Record.objects.get().is_stale


def test_a_number_that_one_file_uses_twice_names_two_records_each_time_it_is_run(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU), books.record("1", **books.LIBRARY))
    assert poured(path).new == 2
    assert list(Contribution.objects.order_by("id").values_list("identity", "occurrence")) == [
        ("TEST|1", 0),
        ("TEST|1", 1),
    ]
    assert poured(path).unchanged == 2


def test_the_same_book_from_two_sources_is_one_record_with_the_evidence(tmp_path: Path) -> None:
    mine = books.record("1", **books.KHAYYAM)
    theirs = books.record("77", **{**books.KHAYYAM, "title": "رباعيات حكيم عمر خيام نيشابوري"}, agency="OTHER")
    poured(books.write(tmp_path / "a.mrc", mine), source="yazd")
    report = poured(books.write(tmp_path / "b.mrc", theirs), source="qom")
    assert (report.new, report.matched) == (0, 1)
    assert Record.objects.filter(merged_into__isnull=True).count() == 1
    decision = MergeDecision.objects.get()
    assert decision.is_automatic
    assert decision.score is not None
    assert {one["feature"].split(":")[0] for one in decision.evidence} >= {"title", "isbn"}
    union = Record.objects.get(merged_into__isnull=True)
    assert not union.is_stale
    assert {"1", "77"} <= set(queries.control_numbers([union.pk])[union.pk])


def test_twins_within_one_file_are_matched_as_twins_in_two_files_are(tmp_path: Path) -> None:
    report = poured(
        books.write(tmp_path / "a.mrc", books.record("1", **books.KHAYYAM), books.record("2", **books.KHAYYAM))
    )
    assert (report.new, report.matched) == (1, 1)


def test_a_bad_record_waits_with_its_bytes_and_stops_nothing(tmp_path: Path) -> None:
    good = books.iso(books.record("1", **books.KIEU))
    path = tmp_path / "a.mrc"
    path.write_bytes(good + good[:60] + b"\x1d" + books.iso(books.record("3", **books.LIBRARY)))
    report = poured(path)
    assert (report.read, report.new, report.quarantined) == (3, 2, 1)
    item = QuarantineItem.objects.get()
    assert bytes(item.raw) == good[:60] + b"\x1d"
    assert item.reasons
    assert sum(report.reasons.values()) >= 1


def test_a_barcode_that_is_another_copys_is_kept_as_a_note(tmp_path: Path) -> None:
    poured(books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU, copies=(("B1", ""),))), source="one")
    report = poured(
        books.write(tmp_path / "b.mrc", books.record("1", **books.LIBRARY, copies=(("B1", ""),))), source="two"
    )
    assert report.notes["barcode_taken"] == 1
    assert list(Copy.objects.order_by("id").values_list("barcode", "barcode_given")) == [("B1", ""), (None, "B1")]


def test_control_characters_and_nul_do_not_stop_an_import(tmp_path: Path) -> None:
    odd = books.record("1\x00", title="Sách\x00 lạ \u202e", copies=(("B\x001", "H\x00"),))
    report = poured(books.write(tmp_path / "a.mrc", odd, books.record("2", **books.KIEU)))
    assert report.state is ImportState.DONE
    assert report.read == report.new + report.quarantined == 2


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_a_number_used_twice_in_a_file_is_two_records_wherever_the_chunk_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(run, "RECORDS", chunk)
    kieu, night, poem = (
        books.record("1", **facts) for facts in (books.KIEU, books.LIBRARY, {"title": "Lục Vân Tiên", "year": "1889"})
    )
    assert poured(books.write(tmp_path / "a.mrc", kieu), source="one").new == 1
    # The first is as it was; the second bears its number all the same.
    second = poured(books.write(tmp_path / "b.mrc", kieu, night), source="one")
    assert (second.unchanged, second.changed, second.new) == (1, 0, 1)
    third = poured(books.write(tmp_path / "c.mrc", kieu, night, poem, night), source="one")
    assert (third.unchanged, third.changed, third.new) == (3, 0, 1)
    assert list(Contribution.objects.order_by("occurrence").values_list("occurrence", "version")) == [
        (0, 1),
        (1, 1),
        (2, 1),
    ]
    assert not SeenAgain.objects.exists()


def test_authorities_are_taken_over_and_changed_with_their_names(tmp_path: Path) -> None:
    def authority(number: str, *names: str) -> Marc:
        heading, *others = names
        fields = [Field("001", value=number), Field("100", "1", " ", (("a", heading),))]
        return Marc("00000nz  a2200000n  4500", (*fields, *(Field("400", "1", " ", (("a", name),)) for name in others)))

    def names() -> list[tuple[str, str]]:
        return list(AuthorityName.objects.order_by("authority__identity", "id").values_list("relation", "name"))

    first = poured(
        books.write(tmp_path / "a.mrc", authority("1", "Nguyễn Du", "Tố Như"), authority("2", "Hồ Xuân Hương"))
    )
    assert first.authorities == 2
    assert names() == [("heading", "Nguyễn Du"), ("see", "Tố Như"), ("heading", "Hồ Xuân Hương")]
    kept = AuthorityName.objects.get(name="Hồ Xuân Hương").pk
    poured(
        books.write(
            tmp_path / "a.mrc",
            authority("1", "Nguyễn Du", "Thanh Hiên"),
            authority("2", "Hồ Xuân Hương"),
            authority("1", "Nguyễn Du", "Thanh Hiên", "Hồng Sơn liệp hộ"),
        )
    )
    assert names() == [
        ("heading", "Nguyễn Du"),
        ("see", "Thanh Hiên"),
        ("see", "Hồng Sơn liệp hộ"),
        ("heading", "Hồ Xuân Hương"),
    ]
    assert AuthorityName.objects.get(name="Hồ Xuân Hương").pk == kept, "what is as it was is not written again"


def test_an_empty_file_and_a_file_of_noise_are_reported(tmp_path: Path) -> None:
    (tmp_path / "empty.mrc").write_bytes(b"")
    assert poured(tmp_path / "empty.mrc").read == 0
    (tmp_path / "noise.mrc").write_bytes(bytes(range(256)) * 400)
    report = poured(tmp_path / "noise.mrc")
    assert report.state is ImportState.DONE
    assert report.new == 0
    assert report.quarantined >= 1


def test_an_unfinished_import_is_taken_up_and_not_begun_again(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU))
    first = services.begin_import(actor=SYSTEM, path=path)
    assert services.begin_import(actor=SYSTEM, path=path) == first
    assert services.run_import(batch_id=first, actor=SYSTEM).new == 1
    assert services.begin_import(actor=SYSTEM, path=path) != first


def test_who_may_not_import_leaves_nothing_behind(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU))
    before = snapshot.content()
    for actor in (Actor(), Actor(account_id=1, grants=(Grant("cataloguer", organisation_id=999),))):
        with pytest.raises(NotAllowed):
            services.begin_import(actor=actor, path=path)
    assert snapshot.content() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_source")
        assert cursor.fetchone() == (0,)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU))
    with pytest.raises(errors.FileUnreadable):
        services.begin_import(actor=SYSTEM, path=tmp_path / "none.mrc")
    with pytest.raises(errors.UnknownSource):
        services.begin_import(actor=SYSTEM, path=path, house="no-such-house")
    with pytest.raises(errors.UnknownSource):
        services.begin_import(actor=SYSTEM, path=path, profile="no-such-profile")
    with pytest.raises(errors.EncodingUnknown):
        services.begin_import(actor=SYSTEM, path=path, encoding="utf-99")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM catalogue_contribution",
        "UPDATE catalogue_contribution SET raw = ''::bytea",
        "DELETE FROM catalogue_quarantine_item",
        "UPDATE catalogue_quarantine_item SET raw = ''::bytea",
        "DELETE FROM catalogue_merge_decision",
        "UPDATE catalogue_merge_decision SET reason = 'other'",
    ],
)
def test_the_database_itself_refuses_to_lose_what_was_given(tmp_path: Path, statement: str) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KHAYYAM), books.record("2", **books.KHAYYAM))
    path.write_bytes(path.read_bytes() + b"junk\x1d")
    poured(path)
    with (
        pytest.raises(DatabaseError, match=r"kept|never change|told otherwise"),
        db.transaction(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
