"""docs/operations.md names every command, option, exit code and setting that exists, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from khaneh.interfaces.cli import exits
from khaneh.interfaces.cli.main import COMMANDS, commands

ROOT = Path(__file__).resolve().parents[3]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
_SETTING = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`")
_FROM_ENVIRONMENT = {"get", "getenv", "setdefault", "flag", "words"}


def _visible() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(commands)
    for name in COMMANDS:
        command = commands.get_command(context, name)
        assert command is not None
        if not command.hidden:
            yield name, command


@cache
def _settings_in_code() -> set[str]:
    """Names read from the environment: `os.environ["X"]`, `os.environ.get("X")`, `"X" in os.environ`, `environment.flag("X")`."""
    found = set()
    for path in (ROOT / "khaneh").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            texts: list[ast.expr] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
                reads = owner.endswith(("environ", "environment")) or owner == "os"
                if name in _FROM_ENVIRONMENT and reads:
                    texts = node.args[:1]
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
                texts = [node.slice]
            elif isinstance(node, ast.Compare) and any(
                ast.unparse(one).endswith("environ") for one in node.comparators
            ):
                texts = [node.left]
            found |= {one.value for one in texts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_the_reading_of_the_code_finds_each_way_of_asking() -> None:
    assert {"KHANEH_HOME", "KHANEH_DEBUG", "KHANEH_HOSTS", "OIDC_CLIENT_ID", "DATABASE_URL"} <= _settings_in_code()


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    table = OPERATIONS[OPERATIONS.index("## Settings") : OPERATIONS.index("## Another PostgreSQL")]
    documented = set(_SETTING.findall(table))
    for_tests = {"KHANEH_DATA", "KHANEH_SCHEMAS"}
    assert documented - for_tests == _settings_in_code()


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "web"])
def test_every_command_is_documented(name: str) -> None:
    assert f"| `khaneh {name}` |" in OPERATIONS


def test_no_other_command_is_documented() -> None:
    named = set(re.findall(r"khaneh ([a-z]+)\b", OPERATIONS[OPERATIONS.index("## Commands") :]))
    assert named <= set(COMMANDS) | {"network", "account"}


def test_every_command_tells_an_example_and_what_each_option_is() -> None:
    for name, command in _visible():
        assert command.help, name
        parts = list(command.commands.values()) if isinstance(command, click.Group) else [command]
        for part in parts:
            assert part.epilog or command.epilog, f"{name} has no example"
            for option in part.params:
                if isinstance(option, click.Option) and option.name not in {"host", "port", "limit", "offset"}:
                    assert option.help, f"{name} {option.opts[0]} says nothing"


@pytest.mark.parametrize(
    "code", [exits.DONE, exits.FAILED, exits.USAGE, exits.REFUSED, exits.PARTLY, exits.INTERRUPTED]
)
def test_every_exit_code_is_documented(code: int) -> None:
    assert re.search(rf"^\| {code} \|", OPERATIONS, re.MULTILINE)


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", README)) | set(re.findall(r"`make ([a-z-]+)", OPERATIONS))
    assert named <= targets
    assert {"run", "test", "setup", "bench", "help", "test-cluster"} <= named
