"""What the command line does before any command: help, wrong usage, codes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from khaneh.interfaces.cli import exits
from khaneh.interfaces.cli.main import COMMANDS, commands, main
from khaneh.kernel.refusal import NotFound


def _left_with(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0)


def test_help_names_every_command_but_the_hidden_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert _left_with("--help") == exits.DONE
    told = capsys.readouterr().out
    assert all(f"\n  {name} " in told for name in COMMANDS if name != "web")
    assert "\n  web " not in told


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _left_with(name, "--help") == exits.DONE
    assert "Usage: khaneh" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [("unknown",), ("search",), ("serve", "--port", "0"), ("restore", "/no/such/file")]
)
def test_wrong_usage_is_two(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert _left_with(*arguments) == exits.USAGE
    told = capsys.readouterr()
    assert told.out == ""
    assert "Error" in told.err


@pytest.mark.parametrize(
    ("raised", "code"), [(NotFound(what="house"), exits.REFUSED), (KeyboardInterrupt(), exits.INTERRUPTED)]
)
def test_what_is_raised_becomes_a_code(
    raised: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def act(*_arguments: object, **_options: object) -> None:
        raise raised

    monkeypatch.setattr(commands, "invoke", act)
    assert _left_with("doctor") == code
    assert capsys.readouterr().err


def test_help_needs_no_settings_and_no_database() -> None:
    """Help answers at once, also where the settings or the database are broken."""
    code = (
        "import sys\nfrom khaneh.interfaces.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "from django.conf import settings\n"
        "print(settings.configured, 'psycopg' in sys.modules, 'khaneh.domains' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False False"
