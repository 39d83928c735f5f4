"""The stylesheet keeps its promises: layers, logical directions, one set of tokens in two themes, enough contrast."""

from __future__ import annotations

import re

import pytest

from khaneh.interfaces.web import assets

CSS = assets.stylesheet()
_TOKENS = (assets.ROOT / "css/tokens.css").read_text()
_COVERS = (assets.ROOT / "css/components/covers.css").read_text()


def _block(text: str, start: int) -> dict[str, str]:
    body = text[text.index("{", start) + 1 : text.index("}", start)]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


def _themes() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    light = _block(_TOKENS, _TOKENS.index(':root, [data-theme="light"]'))
    preferred = _block(_TOKENS, _TOKENS.index(':root:not([data-theme="light"])'))
    chosen = _block(_TOKENS, _TOKENS.index('\n  [data-theme="dark"]'))
    return light, preferred, chosen


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_dark_is_the_same_whether_the_device_or_the_reader_wants_it() -> None:
    light, preferred, chosen = _themes()
    assert preferred == chosen
    assert preferred.keys() == light.keys()


@pytest.mark.parametrize("theme", [0, 2], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("ink", "sunken"),
        ("ink-soft", "paper"),
        ("ink-soft", "surface"),
        ("ink-soft", "sunken"),
        ("action", "paper"),
        ("action", "surface"),
        ("action-strong", "action-soft"),
        ("on-action", "action"),
        ("accent", "accent-soft"),
        ("good", "good-soft"),
        ("warn", "warn-soft"),
        ("bad", "bad-soft"),
        ("bad", "paper"),
        ("on-mark", "mark"),
        ("ink-soft", "action-soft"),
    ],
)
def test_text_stands_out_from_its_ground(theme: int, text: str, ground: str) -> None:
    colours = _themes()[theme]
    assert _contrast(colours[f"--{text}"], colours[f"--{ground}"]) >= 4.5


def test_every_ink_of_a_cover_can_be_read() -> None:
    inks = re.findall(r"--ground: (#\w{6}); --type: (#\w{6})", _COVERS)
    assert len(inks) == 12
    assert min(_contrast(ground, letters) for ground, letters in inks) >= 4.5


def test_no_physical_direction() -> None:
    rules = re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)
    physical = r"[{;\s]((?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right|top|bottom|width|height))\s*:"
    assert re.findall(physical, re.sub(r"@media[^{]*", "", rules)) == []
    assert not re.findall(r"(text-align|float|clear):\s*(left|right)", rules)


def test_every_rule_is_in_a_layer() -> None:
    for path in sorted((assets.ROOT / "css").rglob("*.css")):
        rest = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        rest = re.sub(r"@layer [\w, ]+;", "", rest)
        while (start := rest.find("@layer ")) >= 0:
            depth = 0
            for at in range(rest.index("{", start), len(rest)):
                depth += {"{": 1, "}": -1}.get(rest[at], 0)
                if depth == 0:
                    break
            rest = rest[:start] + rest[at + 1 :]
        rest = re.sub(r"@font-face\s*{[^}]*}", "", rest)
        assert not rest.strip(), f"{path.name}: {rest.strip()[:60]}"


def test_only_tokens_and_covers_name_a_colour() -> None:
    for path in sorted((assets.ROOT / "css").rglob("*.css")):
        if path.name not in {"tokens.css", "covers.css", "home.css", "base.css"}:
            assert not re.findall(r":[^;]*#[0-9a-f]{3,8}\b", path.read_text()), path.name


def test_fonts_named_are_there_with_their_licences() -> None:
    folder = assets.ROOT / "fonts"
    for name in re.findall(r"\.\./fonts/([\w.-]+)", CSS):
        assert (folder / name).is_file()
    assert "SIL Open Font License" in (folder / "vazirmatn-LICENSE.txt").read_text()
    assert "SIL Open Font License" in (folder / "be-vietnam-pro-LICENSE.txt").read_text()
    assert (assets.ROOT / "js/vendor/htmx-LICENSE.txt").is_file()
