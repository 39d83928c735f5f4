"""Whatever changes when houses are open goes through `spaces.services.change_opening`, by every door: else what it shuts out would not end."""

from __future__ import annotations

import ast
from pathlib import Path

INTERFACES = Path(__file__).parents[2] / "khaneh" / "interfaces"
CHANGING = {
    "add_holiday", "change_holiday", "remove_holiday", "set_opening_hours", "set_season", "change_house", "change_house_state",
    "change_region", "take_in_holiday", "remove_taken_in",
}  # fmt: skip


def direct_calls(source: str) -> list[str]:
    """The acts of the network that a module does itself instead of handing them in."""
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [func.attr for func in calls if isinstance(func, ast.Attribute) and func.attr in CHANGING]


def test_no_door_changes_hours_by_itself() -> None:
    assert direct_calls("services.add_holiday(actor=actor)") == ["add_holiday"]
    found = {
        str(path.relative_to(INTERFACES)): names
        for path in INTERFACES.rglob("*.py")
        if (names := direct_calls(path.read_text(encoding="utf-8")))
    }
    # Views of the same names, called by nobody but the addresses, are no acts of the network.
    assert found == {}
