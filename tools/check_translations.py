"""Every text that a person may see has its Persian and Vietnamese: `python tools/check_translations.py`.

The texts are found in the code and the templates themselves, not in the catalogues, so that a new text without translation fails. Leaves
with 1 and one line a fault: a text that no catalogue has, an empty or unsure translation, placeholders that differ.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fa", "vi")

# name of the function: (position of the context, of the text, of the plural)
_FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")


class Text(NamedTuple):
    """One text to translate, and where it is said first."""

    context: str | None
    singular: str
    plural: str | None
    place: str


def in_code(path: Path) -> Iterator[Text]:
    """The texts of a Python file: constant arguments of the gettext functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in _FUNCTIONS:
            continue
        said = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
        context, text, plural = (None if at is None else said[at : at + 1] for at in _FUNCTIONS[name])
        place = f"{path.relative_to(ROOT)}:{node.lineno}"
        if text and isinstance(text[0], str):
            yield Text(context[0] if context else None, text[0], plural[0] if plural else None, place)


def in_template(path: Path, folder: Path) -> Iterator[Text]:
    """The texts of a template: its parsed {% translate %} and {% blocktranslate %} tags."""
    from django.template import engines
    from django.template.base import Node
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    parsed = engines["django"].get_template(str(path.relative_to(folder))).template

    def walk(nodes: Any) -> Iterator[Node]:
        for node in nodes:
            yield node
            for name in {"nodelist", *getattr(node, "child_nodelists", ())}:
                yield from walk(getattr(node, name, None) or ())

    for node in walk(parsed.nodelist):
        place = f"{path.relative_to(ROOT)}:{getattr(node.token, 'lineno', 0)}"
        if isinstance(node, TranslateNode):
            text = node.filter_expression.var
            said = text if isinstance(text, str) else getattr(text, "literal", None)
            if isinstance(said, str):
                context = node.message_context
                yield Text(None if context is None else str(context.var), said, None, place)
        elif isinstance(node, BlockTranslateNode):
            singular = node.render_token_list(node.singular)[0]
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            if node.trimmed:
                from django.utils.translation import trim_whitespace

                singular, plural = trim_whitespace(singular), plural and trim_whitespace(plural)
            context = node.message_context
            yield Text(None if context is None else str(context.var), singular, plural, place)


def texts() -> list[Text]:
    """Every text of the package, each once."""
    found: dict[tuple[str | None, str], Text] = {}
    package = ROOT / "khaneh"
    for path in sorted(package.rglob("*.py")):
        for text in in_code(path):
            found.setdefault((text.context, text.singular), text)
    for folder in sorted(package.rglob("templates")):
        for path in sorted(folder.rglob("*.html")) + sorted(folder.rglob("*.txt")):
            for text in in_template(path, folder):
                found.setdefault((text.context, text.singular), text)
    return list(found.values())


def catalogue(language: str) -> dict[tuple[str | None, str], polib.POEntry]:
    """All translations into a language: ours, and Django's and allauth's own for texts that they share."""
    entries: dict[tuple[str | None, str], polib.POEntry] = {}
    for path in sorted((ROOT / "khaneh").glob(f"**/locale/{language}/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                entries[entry.msgctxt, entry.msgid] = entry
    return entries


def _placeholders(text: str) -> set[str]:
    return {first or second for first, second in _PLACEHOLDER.findall(text)}


def faults_of(text: Text, entry: polib.POEntry | None) -> Iterator[str]:
    """What is wrong with one translation."""
    if entry is None:
        yield "is missing"
        return
    if "fuzzy" in entry.flags:
        yield "is marked as unsure"
    forms = list(entry.msgstr_plural.values()) if text.plural else [entry.msgstr]
    if not forms or not all(form.strip() for form in forms):
        yield "is empty"
        return
    wanted = _placeholders(text.singular) | (_placeholders(text.plural) if text.plural else set())
    for form in forms:
        strange = _placeholders(form) - wanted
        lost = set() if text.plural else wanted - _placeholders(form)
        if strange or lost:
            yield f"has other placeholders: {', '.join(sorted(strange | lost))}"


def main() -> int:
    """The number of faults, at most 1, for the shell."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khaneh.config.settings")
    import django

    django.setup()
    wanted = texts()
    faults = 0
    for language in LANGUAGES:
        known = catalogue(language)
        for text in wanted:
            for fault in faults_of(text, known.get((text.context, text.singular))):
                faults += 1
                print(f"{text.place}: {language} {fault}: {text.singular!r}")
    print(f"translations: {len(wanted)} texts in {len(LANGUAGES)} languages, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
