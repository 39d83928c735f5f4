"""Foreign keys point down: import contracts do not see a key that is written as a string."""

from __future__ import annotations

from django.apps import apps

# Lowest first, as in docs/architecture.md; those on one line do not know each other.
_DOMAINS = (
    ("network",),
    ("people",),
    ("policies",),
    ("notices",),
    ("qualifications", "credits"),
    ("discovery",),
    ("catalogue",),
    ("circulation", "digital", "spaces"),
    ("learning", "events"),
    ("profiles",),
    ("programmes", "exchange", "placements"),
    ("selection",),
    ("residencies", "founding"),
    ("networking", "meetings"),
    ("agreements",),
)
_HEIGHT = {domain: height for height, domains in enumerate(_DOMAINS) for domain in domains}


def upward_keys() -> list[str]:
    """Keys from a domain to one that is not below it."""
    found = []
    for model in apps.get_models():
        own = _domain_of(model)
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model is not None):
                continue
            other = _domain_of(field.related_model)
            if own is not None and other is not None and other != own and _HEIGHT[other] >= _HEIGHT[own]:
                found.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
            if own is None and other is not None and model.__module__.startswith("khaneh."):
                found.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    return found


def _domain_of(model: object) -> str | None:
    parts = str(getattr(model, "__module__", "")).split(".")
    return parts[2] if parts[:2] == ["khaneh", "domains"] else None


def test_every_domain_has_its_height() -> None:
    domains = {domain for model in apps.get_models() if (domain := _domain_of(model)) is not None}
    assert domains
    assert domains <= set(_HEIGHT)


def test_no_foreign_key_points_up() -> None:
    assert upward_keys() == []


def test_a_key_that_points_up_would_be_seen(monkeypatch: object) -> None:
    """The control: with the order turned round, the keys that exist are upward ones."""
    turned = {domain: -height for domain, height in _HEIGHT.items()}
    monkeypatch.setattr(f"{__name__}._HEIGHT", turned)  # type: ignore[attr-defined]
    assert any("people.RoleAssignment.house" in key for key in upward_keys())
