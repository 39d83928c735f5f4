"""Members with their cards, guardians and blocks; and which of them borrow, and how much."""

from __future__ import annotations

from benchmarks.lending.filling import fill, pick, run, weighted
from benchmarks.lending.network import in_iran, weights
from benchmarks.lending.sizes import Sizes

CATEGORIES = {"adult": 0.55, "student": 0.2, "child": 0.15, "senior": 0.08, "teacher": 0.02}
KEEPS_HISTORY = 0.3
HEAVY_LOANS, HEAVY_REQUESTS = 200, 20
_AGES = {
    "adult": (25, 33),
    "student": (16, 10),
    "child": (5, 9),
    "senior": (60, 25),
    "teacher": (28, 30),
    "class": (30, 20),
}
_GIVEN = {
    "fa": ("علی", "مریم", "حسین", "زهرا", "رضا", "فاطمه", "محمد", "سارا", "بهرام", "الهام", "کاظم", "نرگس"),
    "vi": ("Minh Anh", "Thu Hà", "Văn Nam", "Ngọc Lan", "Quang Huy", "Thanh Mai", "Đức Thắng", "Hồng Nhung"),
}
_FAMILY = {
    "fa": ("محمدی", "احمدی", "نجفی", "رضایی", "اکبری", "دهقان", "صفری", "زارع", "کاظمی", "سلطانی", "موسوی", "حسینی"),
    "vi": ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ"),
}


def home_of(member: str, wanted: Sizes) -> str:
    """The house where a member has joined."""
    return weighted(f"made.draw({member}, 20)", weights(wanted.houses))


def keeps_history(member: str) -> str:
    """Whether a member keeps what they have read."""
    return f"(made.draw({member}, 21) < {KEEPS_HISTORY})"


def category_of(member: str, wanted: Sizes) -> str:
    """The category's code; the last members are classes with very many loans."""
    return f"(CASE WHEN {member} > {wanted.members - wanted.heavy} THEN 'class' ELSE {pick(f'made.draw({member}, 22)', CATEGORIES)} END)"


def make_members(wanted: Sizes) -> None:
    """One in fourteen has run out, one in a hundred is blocked, every child has a parent who answers."""
    from khaneh.domains.people.models import Card, Guardianship, Member, MemberBlock, MemberCategory

    for code in (*CATEGORIES, "class"):
        MemberCategory.objects.get_or_create(
            code=code, defaults={"names": {"en": code, "fa": code, "vi": code}, "needs_guardian": code == "child"}
        )
    run("DROP INDEX people_member_search")  # a tree of three letters each is made faster in one piece
    born = (
        "CASE c.code "
        + " ".join(
            f"WHEN '{code}' THEN {least} + floor({span} * made.draw(i, 23))" for code, (least, span) in _AGES.items()
        )
        + " END"
    )
    fill(
        Member,
        {
            "id": "m.i", "category_id": "m.category", "home_house_id": "m.home", "state": "'active'",
            "given_name": "m.given", "family_name": "m.family",
            "birth_date": "current_date - (m.age * 365 + mod(m.i, 365))::int",
            "phone": "'09' || lpad((mod(m.i::bigint * 7919, 1000000000))::text, 9, '0')",
            "email": "CASE WHEN made.draw(m.i, 24) < 0.6 THEN 'm' || m.i || '@example.org' ELSE '' END",
            "language": "m.language", "keep_history": keeps_history("m.i"),
            "joined_on": "current_date - (800 + 900 * made.draw(m.i, 25))::int",
            "expires_on": "current_date + CASE WHEN made.draw(m.i, 26) < 0.07 THEN -(1 + mod(m.i, 200)) ELSE (1 + mod(m.i, 360)) END::int",
            "search_key": "' ' || lower(m.given || ' ' || m.family) || ' #09' || lpad((mod(m.i::bigint * 7919, 1000000000))::text, 9, '0')",
        },
        f"""(
            SELECT i, c.id AS category, o.home, l.language, {born} AS age,
                   CASE l.language WHEN 'fa' THEN {_one_of(_GIVEN['fa'], 27)} ELSE {_one_of(_GIVEN['vi'], 27)} END AS given,
                   CASE l.language WHEN 'fa' THEN {_one_of(_FAMILY['fa'], 28)} ELSE {_one_of(_FAMILY['vi'], 28)} END AS family
            FROM generate_series(1, {wanted.members}) AS i
            JOIN people_membercategory c ON c.code = {category_of('i', wanted)},
            LATERAL (SELECT {home_of('i', wanted)} AS home) AS o,
            LATERAL (SELECT CASE WHEN {in_iran('o.home')} THEN 'fa' ELSE 'vi' END AS language) AS l) AS m""",
    )  # fmt: skip
    run(
        "CREATE INDEX people_member_search ON people_member USING gin (search_key gin_trgm_ops)",
        said="people_member_search",
    )
    fill(
        Card,
        {
            "id": "i",
            "member_id": "i",
            "barcode": "'M' || lpad(i::text, 8, '0')",
            "issued_at": "now() - interval '400 days'",
        },
        f"generate_series(1, {wanted.members}) AS i",
    )
    fill(
        Card,
        {
            "id": f"{wanted.members} + i", "member_id": "i", "barcode": "'X' || lpad(i::text, 8, '0')", "state": "'replaced'",
            "issued_at": "now() - interval '900 days'", "ended_at": "now() - interval '400 days'",
        },
        f"generate_series(1, {wanted.members}) AS i WHERE mod(i, 20) = 0",
    )  # fmt: skip
    fill(
        Guardianship,
        {
            "id": "row_number() OVER (ORDER BY w.id)", "guardian_id": "g.id", "ward_id": "w.id", "kind": "'parent'",
            "valid_from": "now() - interval '300 days'",
        },
        "(SELECT m.id, row_number() OVER (ORDER BY m.id) AS n FROM people_member m JOIN people_membercategory c ON c.id = m.category_id"
        " WHERE c.code = 'child') AS w JOIN (SELECT m.id, row_number() OVER (ORDER BY m.id) AS n FROM people_member m"
        " JOIN people_membercategory c ON c.id = m.category_id WHERE c.code = 'adult') AS g ON g.n = w.n",
    )  # fmt: skip
    fill(
        MemberBlock,
        {
            "id": "row_number() OVER (ORDER BY i)",
            "member_id": "i",
            "reason": "'conduct'",
            "placed_at": "now() - interval '9 days'",
        },
        f"generate_series(1, {wanted.members - wanted.heavy}) AS i WHERE made.draw(i, 29) < 0.01",
    )


def choose_borrowers() -> None:
    """A line for each open loan: nearly half of those who may borrow have some, a class has two hundred."""
    run(
        f"""
        CREATE UNLOGGED TABLE made.borrower AS
        SELECT row_number() OVER (ORDER BY made.draw(m.id * 256 + g, 32), m.id, g) AS n, m.id AS member_id
        FROM people_member m JOIN people_membercategory c ON c.id = m.category_id,
             generate_series(1, (CASE WHEN c.code = 'class' THEN {HEAVY_LOANS} WHEN made.draw(m.id, 30) < 0.55 THEN 0
                                      ELSE ceil(4 * made.draw(m.id, 31)) END)::int) AS g
        WHERE m.expires_on >= current_date;
        CREATE UNIQUE INDEX ON made.borrower (n); ANALYZE made.borrower;
        """,
        said="made.borrower",
    )


def _one_of(texts: tuple[str, ...], salt: int) -> str:
    return pick(f"made.draw(i, {salt})", dict.fromkeys((f'"{text}"' for text in texts), 1 / len(texts)))
