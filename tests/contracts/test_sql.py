"""Statements written as SQL name only their own domain's tables: what import-linter sees of imports, this sees of statements.

What a lower domain lets others join is filled in by its `queries/within.py` (docs/decisions/0013). Migrations may name lower tables: a foreign
key or a trigger is the database's own business, and a migration is history.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

import khaneh
from khaneh.domains.catalogue.queries import within as catalogue
from khaneh.domains.people.queries import within as people

ROOT = Path(khaneh.__file__).parent
DOMAINS = sorted(one.name for one in (ROOT / "domains").iterdir() if (one / "__init__.py").exists())


def texts(source: str) -> Iterator[tuple[int, str]]:
    """The texts of a module with their lines, the parts of f-strings too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def named(source: str, tables: set[str]) -> list[tuple[int, str]]:
    """Where a module's texts name one of the tables as a whole word."""
    return [
        (line, word)
        for line, text in texts(source)
        for word in re.findall(r"[a-z][a-z0-9_]*_[a-z0-9_]+", text)
        if word in tables
    ]


@pytest.fixture
def tables(db: None) -> set[str]:
    """All tables of the domains."""
    mine = tuple(f"{domain}_" for domain in DOMAINS)
    return {name for name in connection.introspection.table_names() if name.startswith(mine)}


def test_sql_names_only_tables_of_its_own_domain(tables: set[str]) -> None:
    assert {name.split("_")[0] for name in tables} >= {"catalogue", "circulation", "people", "policies"}
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT)
        # The settings name the table of Django's own cache.
        if "migrations" in place.parts or place.parts[0] == "config":
            continue
        own = f"{place.parts[1]}_" if place.parts[0] == "domains" else "nobody's"
        others = {name for name in tables if not name.startswith(own)}
        wrong += [f"{place}:{line} names {word}" for line, word in named(path.read_text("utf-8"), others)]
    assert not wrong, "\n".join(wrong)


def test_this_test_would_see_a_join() -> None:
    source = 'X = f"SELECT {1} FROM circulation_loan l JOIN catalogue_copy c ON true"\n'
    assert named(source, {"catalogue_copy", "people_member"}) == [(1, "catalogue_copy")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fill", "name", "columns"),
    [
        (fill, name, columns)
        for fill, published in (
            (catalogue.with_catalogue, catalogue.PUBLISHED),
            (people.with_people, people.PUBLISHED),
        )
        for name, columns in published.items()
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_published_has_the_columns_that_it_says(fill, name: str, columns: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        cursor.execute(fill(f"SELECT * FROM {{{name}}} x LIMIT 0"))
        assert tuple(one.name for one in cursor.description) == columns


@pytest.mark.django_db
def test_what_is_published_costs_a_statement_nothing() -> None:
    """PostgreSQL pulls it up: a record is not read for a barcode, nor a category for a name."""
    plans = []
    with connection.cursor() as cursor:
        for statement in (
            catalogue.with_catalogue("EXPLAIN SELECT c.barcode FROM {copies} c WHERE c.id = 1"),
            people.with_people("EXPLAIN SELECT m.family_name FROM {members} m WHERE m.id = 1"),
        ):
            cursor.execute(statement)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert "catalogue_copy" in plans[0]
    assert "catalogue_record" not in plans[0]
    assert "people_member" in plans[1]
    assert "people_membercategory" not in plans[1]
