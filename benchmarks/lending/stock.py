"""Records with the documents that an import would store, and the copies of them, with what holds each."""

from __future__ import annotations

from itertools import islice

from benchmarks.corpus import records
from benchmarks.lending.filling import fill, pick, run, weighted
from benchmarks.lending.network import in_iran, weights
from benchmarks.lending.sizes import Sizes

# How often a copy is of a kind; what is read in the house is not lent.
KINDS = {
    "book": 0.78, "children": 0.12, "short_loan": 0.02, "periodical": 0.02, "media": 0.015, "device": 0.005,
    "reference": 0.035, "rare": 0.005,
}  # fmt: skip
_TEMPLATES = 2_000
_LOCATIONS = {"stacks": 0.7, "children": 0.12, "reading room": 0.1, "new books": 0.08}


def kind_of(copy: str) -> str:
    """The kind of a copy, from its number alone."""
    return pick(f"made.draw({copy}, 13)", KINDS)


def house_of(copy: str, wanted: Sizes) -> str:
    """The house that owns a copy."""
    return weighted(f"made.draw({copy}, 12)", weights(wanted.houses))


def record_of(copy: str, wanted: Sizes) -> str:
    """The record of a copy: each has one, the first ones (which are asked for most) many more."""
    n = wanted.records
    return f"(CASE WHEN {copy} <= {n} THEN {copy} ELSE 1 + floor({n} * power(made.draw({copy}, 11), 1.6)) END)::bigint"


def make_records(wanted: Sizes, seed: int) -> None:
    """Documents of made-up catalogue records; each repeats one of two thousand under a title of its own. One record in ten has a work."""
    from khaneh.domains.catalogue.models import Record, Work
    from khaneh.domains.catalogue.rules.intake.document import document_json
    from khaneh.formats.marc.describe import describe
    from khaneh.infrastructure.db import copy_rows

    run("CREATE TEMP TABLE made_template (n bigint PRIMARY KEY, head text, tail text)")
    count = min(_TEMPLATES, wanted.records)
    copy_rows(
        "made_template",
        ("n", "head", "tail"),
        (
            (n, *_split(document_json(describe(record, "marc21"))))
            for n, record in enumerate(islice(records(count, seed), count))
        ),
    )
    works = max(wanted.records // 25, 1)
    fill(Work, {"id": "n"}, f"generate_series(1, {works}) AS n")
    fill(
        Record,
        {
            "id": "i.n",
            "document": "t.head || i.n || ' ' || t.tail",
            "work_id": f"CASE WHEN made.draw(i.n, 2) < 0.1 THEN 1 + floor({works} * made.draw(i.n, 3)) END",
        },
        f"generate_series(1, {wanted.records}) AS i(n) JOIN made_template t ON t.n = mod(i.n, {count})",
    )


def hold_some(wanted: Sizes) -> None:
    """Choose the copies that something holds, in this order: open loans, hold shelf, on the way to a reader, on the way home."""
    kinds = "', '".join(kind for kind in KINDS if kind not in ("reference", "rare"))
    run(
        f"""
        CREATE UNLOGGED TABLE made.held AS
        SELECT copy_id, n, CASE
            WHEN n <= b.loans THEN 'on_loan' WHEN n <= b.loans + {wanted.on_shelf} THEN 'on_hold_shelf' ELSE 'in_transit' END AS state
        FROM (SELECT i AS copy_id, row_number() OVER (ORDER BY made.draw(i, 99), i) AS n
              FROM generate_series(1, {wanted.copies}) AS i WHERE {kind_of("i")} IN ('{kinds}')) AS lendable,
             (SELECT count(*) AS loans FROM made.borrower) AS b
        WHERE n <= b.loans + {wanted.on_shelf + wanted.in_transit + wanted.going_home};
        CREATE UNIQUE INDEX ON made.held (copy_id); CREATE UNIQUE INDEX ON made.held (n); ANALYZE made.held;
        """,
        said="made.held",
    )


def make_copies(wanted: Sizes) -> None:
    """The copies, each in the state of what holds it; one in fifty floats."""
    from khaneh.domains.catalogue.models import Copy

    fill(
        Copy,
        {
            "id": "c.id",
            "record_id": "c.record",
            "house_id": "c.house",
            "barcode": "'B' || lpad(c.id::text, 9, '0')",
            "location": pick("made.draw(c.id, 14)", _LOCATIONS),
            "call_number": "(100 + floor(900 * made.draw(c.record, 15)))::text || '.' || c.record",
            "price_amount": "(20 + floor(200 * made.draw(c.record, 16))) * CASE WHEN c.iran THEN 10000 ELSE 1000 END",
            "price_currency": "CASE WHEN c.iran THEN 'IRR' ELSE 'VND' END",
            "state": "coalesce(h.state, 'available')",
            "item_type": kind_of("c.id"),
            "floating": "made.draw(c.id, 17) < 0.02",
        },
        f"(SELECT i AS id, {record_of('i', wanted)} AS record, house, {in_iran('house')} AS iran"
        f" FROM generate_series(1, {wanted.copies}) AS i, LATERAL (SELECT {house_of('i', wanted)} AS house) AS o) AS c"
        " LEFT JOIN made.held h ON h.copy_id = c.id",
    )


def _split(document: str) -> tuple[str, str]:
    """A document in two parts, between which a number makes its title another one."""
    head, mark, tail = document.partition('"title":"')
    return head + mark, tail
