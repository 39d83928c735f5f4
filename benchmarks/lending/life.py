"""What members have done and wait for: loans past and open, requests, transfers, money, statistics."""

from __future__ import annotations

from datetime import datetime

from benchmarks.lending.filling import fill, literal, pick, run
from benchmarks.lending.members import HEAVY_REQUESTS, keeps_history
from benchmarks.lending.network import in_iran
from benchmarks.lending.sizes import Sizes
from benchmarks.lending.stock import KINDS, house_of, kind_of

_CHANNELS = {"desk": 0.7, "self_check": 0.1, "sip2": 0.2}
_YEARS = "interval '1825 days'"


def terms_at(house: str) -> str:
    """What a loan keeps of the policies, with the money of the house's country."""
    here = in_iran(house)
    same = """"loan_days": 14, "renewals_max": 2, "grace_days": 1, "lost_after_days": 60, "lost_fee": null"""
    iran = f'{{{same}, "fee_per_day": [5000, "IRR"], "fee_cap": [200000, "IRR"]}}'
    viet_nam = f'{{{same}, "fee_per_day": [1000, "VND"], "fee_cap": [40000, "VND"]}}'
    return f"(CASE WHEN {here} THEN '{iran}'::jsonb ELSE '{viet_nam}'::jsonb END)"


def make_loans(wanted: Sizes, now: datetime) -> None:
    """Five years of loans in their order, and the open ones, one in twelve of them late."""
    from khaneh.domains.circulation.models import Loan

    at, many = literal(now), wanted.past_loans
    past = f"""(
        SELECT i, copy, {house_of("copy", wanted)} AS house, {kind_of("copy")} AS kind,
               {at} - interval '40 days' - {_YEARS} * (1 - i::float8 / {many}) AS lent, 1 + floor({wanted.members} * made.draw(i, 51))::bigint AS member
        FROM generate_series(1, {many}) AS i,
             LATERAL (SELECT (1 + floor({wanted.copies} * power(made.draw(i, 50), 1.3)))::bigint AS copy) AS c) AS l"""
    fill(
        Loan,
        {
            "id": "l.i", "copy_id": "l.copy", "member_id": f"CASE WHEN {keeps_history('l.member')} THEN l.member END",
            "house_id": "l.house", "item_type": "l.kind", "state": "'returned'", "channel": pick("made.draw(l.i, 52)", _CHANNELS),
            "lent_at": "l.lent", "due_at": "l.lent + interval '14 days'",
            "ended_at": "l.lent + interval '1 hour' + interval '20 days' * made.draw(l.i, 53)", "ended_house_id": "l.house",
            "terms": terms_at("l.house"),
        },
        past,
    )  # fmt: skip
    fill(
        Loan,
        {
            "id": f"{many} + b.n", "copy_id": "c.id", "member_id": "b.member_id", "house_id": "c.house_id", "item_type": "c.item_type",
            "state": "'open'", "channel": pick("made.draw(b.n, 60)", _CHANNELS), "lent_at": "b.lent",
            "due_at": "b.lent + interval '14 days'", "terms": terms_at("c.house_id"),
        },
        f"""(SELECT n, member_id, {at} - interval '13 days' * made.draw(n, 61)
                    - CASE WHEN made.draw(n, 62) < 0.08 THEN interval '14 days' ELSE interval '0' END AS lent FROM made.borrower) AS b
            JOIN made.held h ON h.n = b.n JOIN catalogue_copy c ON c.id = h.copy_id""",
    )  # fmt: skip
    run(
        "INSERT INTO circulation_occupancy (copy_id, loan_id) SELECT copy_id, id FROM circulation_loan WHERE state = 'open'",
        said="circulation_occupancy",
    )


def make_requests(wanted: Sizes, now: datetime) -> None:
    """Waiting ones for what is asked for most, on a title, an edition or a copy; those whose copy travels or stands ready."""
    from khaneh.domains.circulation.models import Request, Transfer

    at = literal(now)
    kinds = "', '".join(kind for kind in KINDS if kind not in ("reference", "rare"))
    run(
        """
        CREATE UNLOGGED TABLE made.asker AS
        SELECT row_number() OVER (ORDER BY made.draw(m.id, 70), m.id) AS n, m.id AS member_id, m.home_house_id AS house_id
        FROM people_member m JOIN people_membercategory c ON c.id = m.category_id
        WHERE m.expires_on >= current_date AND c.code <> 'class';
        CREATE UNIQUE INDEX ON made.asker (n); ANALYZE made.asker;
        CREATE UNLOGGED TABLE made.work AS SELECT row_number() OVER (ORDER BY work_id) AS n, work_id
        FROM (SELECT DISTINCT work_id FROM catalogue_record WHERE work_id IS NOT NULL) AS w;
        CREATE UNIQUE INDEX ON made.work (n); ANALYZE made.work;
        """,
        said="made.asker",
    )
    common = {"channel": "'web'", "terms": """'{"shelf_days": 5, "wait_days": 180}'::jsonb"""}
    works = "(SELECT count(*) FROM made.work)"
    fill(
        Request,
        {
            **common,
            "id": "q.n", "member_id": "q.member_id", "pickup_house_id": "q.house_id", "level": "q.level", "state": "'placed'",
            "work_id": "CASE WHEN q.level = 'work' THEN w.work_id END",
            "record_id": "CASE q.level WHEN 'record' THEN q.record WHEN 'copy' THEN c.record_id END",
            "wanted_copy_id": "CASE WHEN q.level = 'copy' THEN c.id END",
            "placed_at": "q.placed", "expires_at": "q.placed + interval '180 days'",
        },
        f"""(SELECT n, member_id, house_id, {at} - interval '60 days' * power(made.draw(n, 71), 2) AS placed,
                    CASE WHEN made.draw(n, 72) < 0.6 THEN 'record' WHEN made.draw(n, 72) < 0.85 THEN 'work' ELSE 'copy' END AS level,
                    1 + floor({wanted.records} * power(made.draw(n, 73), 2))::bigint AS record,
                    1 + floor({works} * made.draw(n, 74))::bigint AS work,
                    1 + floor({wanted.copies} * made.draw(n, 75))::bigint AS copy
             FROM made.asker WHERE n <= {wanted.waiting}) AS q
            LEFT JOIN made.work w ON q.level = 'work' AND w.n = q.work
            LEFT JOIN LATERAL (
                SELECT x.id, x.record_id FROM catalogue_copy x
                WHERE q.level = 'copy' AND x.id >= q.copy AND x.item_type IN ('{kinds}') ORDER BY x.id LIMIT 1) c ON true
            WHERE q.level <> 'copy' OR c.id IS NOT NULL""",
    )  # fmt: skip
    # A class waits for twenty editions, each another.
    fill(
        Request,
        {
            **common,
            "id": f"{wanted.waiting} + row_number() OVER (ORDER BY m.id, r.record)",
            "member_id": "m.id", "pickup_house_id": "m.home_house_id", "level": "'record'", "state": "'placed'", "record_id": "r.record",
            "placed_at": f"{at} - interval '3 days'", "expires_at": f"{at} + interval '177 days'",
        },
        f"""people_member m JOIN people_membercategory k ON k.id = m.category_id,
            LATERAL (SELECT DISTINCT mod(m.id * 7919 + g * 104729, {wanted.records}) + 1 AS record
                     FROM generate_series(1, {HEAVY_REQUESTS}) AS g) AS r WHERE k.code = 'class'""",
    )  # fmt: skip
    first = wanted.waiting + wanted.heavy * HEAVY_REQUESTS
    captured = """(SELECT h.n - b.loans AS n, c.id AS copy_id, c.record_id, c.house_id AS owner
                    FROM (SELECT count(*) AS loans FROM made.borrower) AS b JOIN made.held h ON h.n > b.loans
                    JOIN catalogue_copy c ON c.id = h.copy_id) AS h"""
    fill(
        Request,
        {
            **common,
            "id": f"{first} + h.n", "member_id": "a.member_id", "level": "'record'", "record_id": "h.record_id",
            "pickup_house_id": f"CASE WHEN h.n <= {wanted.on_shelf} OR a.house_id = h.owner THEN CASE WHEN h.n <= {wanted.on_shelf} THEN h.owner ELSE 1 + mod(h.owner, {wanted.houses}) END ELSE a.house_id END",
            "state": f"CASE WHEN h.n <= {wanted.on_shelf} THEN 'on_shelf' ELSE 'in_transit' END",
            "placed_at": f"{at} - interval '9 days'", "expires_at": f"{at} + interval '171 days'", "captured_copy_id": "h.copy_id",
            "captured_at": f"{at} - interval '1 day'",
            "shelf_until": f"CASE WHEN h.n <= {wanted.on_shelf} THEN {at} + interval '4 days' END",
        },
        f"{captured} JOIN made.asker a ON a.n = {wanted.waiting} + h.n WHERE h.n <= {wanted.on_shelf + wanted.in_transit}",
    )  # fmt: skip
    fill(
        Transfer,
        {
            "id": "h.n", "copy_id": "h.copy_id", "reason": "CASE WHEN q.id IS NULL THEN 'return' ELSE 'request' END",
            "from_house_id": f"CASE WHEN q.id IS NULL THEN 1 + mod(h.owner, {wanted.houses}) ELSE h.owner END",
            "to_house_id": "coalesce(q.pickup_house_id, h.owner)", "request_id": "q.id", "state": "'sent'",
            "sent_at": f"{at} - interval '20 hours'",
        },
        f"{captured} LEFT JOIN circulation_request q ON q.captured_copy_id = h.copy_id AND q.state = 'in_transit' WHERE h.n > {wanted.on_shelf}",
    )  # fmt: skip
    run(
        """INSERT INTO circulation_occupancy (copy_id, transfer_id, request_id)
           SELECT copy_id, id, NULL FROM circulation_transfer WHERE state = 'sent'
           UNION ALL SELECT captured_copy_id, NULL, id FROM circulation_request WHERE state = 'on_shelf'""",
        said="circulation_occupancy",
    )


def make_ledger(wanted: Sizes) -> None:
    """One past loan in ten was late and cost something; nearly all of that was paid."""
    from khaneh.domains.circulation.models import FeeEntry

    fill(
        FeeEntry,
        {
            "id": "l.id", "member_id": f"1 + floor({wanted.members} * made.draw(l.id, 51))::bigint", "kind": "'overdue'",
            "amount": f"CASE WHEN {in_iran('l.house_id')} THEN 15000 ELSE 3000 END",
            "currency": f"CASE WHEN {in_iran('l.house_id')} THEN 'IRR' ELSE 'VND' END", "house_id": "l.house_id", "at": "l.ended_at",
        },
        "circulation_loan l WHERE l.state = 'returned' AND mod(l.id, 10) = 0",
    )  # fmt: skip
    fill(
        FeeEntry,
        {
            "id": f"{wanted.past_loans} + f.id", "member_id": "f.member_id", "kind": "'payment'", "amount": "-f.amount",
            "currency": "f.currency", "settles_id": "f.id", "method": "'cash'", "house_id": "f.house_id",
            "at": "f.at + interval '5 minutes'",
        },
        "circulation_fee_entry f WHERE made.draw(f.id, 80) < 0.94",
    )  # fmt: skip


def make_statistics(wanted: Sizes, now: datetime) -> None:
    """Loans and returns of the last year, counted."""
    from khaneh.domains.circulation.models import Statistic

    year = wanted.past_loans // 5
    for place, (act, column) in enumerate((("loan", "lent_at"), ("return", "ended_at"))):
        fill(
            Statistic,
            {
                "id": f"{place * wanted.past_loans} + l.id", "day": f"l.{column}::date", "act": f"'{act}'", "house_id": "l.house_id",
                "home_house_id": "l.house_id", "category": "'adult'", "age_band": "'30-59'", "item_type": "l.item_type",
                "channel": "l.channel",
            },
            f"circulation_loan l WHERE l.state = 'returned' AND l.id > {wanted.past_loans - year}",
        )  # fmt: skip
