"""Members, their cards and accounts inside the statements of higher domains, which name no table of people (docs/decisions/0013)."""

from __future__ import annotations

from collections.abc import Mapping

# `members.category` is its code. `cards` are those in use, one a member at most; `blocks` those that were not lifted, some of them over.
PUBLISHED: Mapping[str, tuple[str, ...]] = {
    "members": (
        "id",
        "given_name",
        "family_name",
        "language",
        "category",
        "home_house_id",
        "state",
        "expires_on",
        "birth_date",
        "keep_history",
    ),
    "cards": ("member_id", "barcode"),
    "blocks": ("id", "member_id", "reason", "until"),
    "accounts": ("id", "name"),
}
# PostgreSQL pulls these up into the statement around them: what is not asked for is not read.
_TEXTS: Mapping[str, str] = {
    "members": (
        "(SELECT m.id, m.given_name, m.family_name, m.language, y.code AS category, m.home_house_id, m.state, m.expires_on,"
        " m.birth_date, m.keep_history"
        " FROM people_member m LEFT JOIN people_membercategory y ON y.id = m.category_id)"
    ),
    "cards": "(SELECT k.member_id, k.barcode FROM people_card k WHERE k.state = 'active')",
    "blocks": "(SELECT b.id, b.member_id, b.reason, b.until FROM people_memberblock b WHERE b.lifted_at IS NULL)",
    "accounts": "(SELECT a.id, a.name FROM people_account a)",
}


def with_people(statement: str) -> str:
    """The statement with `{members}`, `{cards}`, `{blocks}` and `{accounts}` filled in; PUBLISHED says what columns they have."""
    for name, text in _TEXTS.items():
        statement = statement.replace(f"{{{name}}}", text)
    return statement
