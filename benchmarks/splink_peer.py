"""Splink 5 on the same pairs: the peer that `benchmarks/matching.py` is compared with. Trained by its own EM, without labels.

It gets what a careful user would give it: folded title, statement, author, publisher, place, year, pages and edition, compared with
Jaro-Winkler or exactly, and the author's frequency. Only its threshold is chosen on labels, on the training folds, as ours is.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as cl

from khaneh.domains.catalogue.rules.matching import Comparable


def _row(name: str, pair: int, own: Comparable) -> dict[str, Any]:
    family = own.names[0].split("|")[0] if own.names else None
    return {
        "unique_id": f"{pair}:{name}",
        "pair": pair,
        "title": f"{own.title} {own.rest}".strip() or None,
        "author": own.names[0].replace("|", " ").strip() if own.names else None,
        "family": family,
        "publisher": " ".join(own.publisher) or None,
        "place": own.place or None,
        "year": str(own.year) if own.year is not None else None,
        "pages": str(own.pages) if own.pages is not None else None,
        "edition": own.edition_text or None,
    }


def probabilities(
    records: dict[str, Comparable], pairs: list[tuple[str, str, bool]], *, seed: int
) -> NDArray[np.float64]:
    """Splink's match probability for every pair, in their order; 0 for a pair it did not score."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    left = pd.DataFrame([_row(one, i, records[one]) for i, (one, _, _) in enumerate(pairs)])
    right = pd.DataFrame([_row(two, i, records[two]) for i, (_, two, _) in enumerate(pairs)])
    database = DuckDBAPI()
    tables = [
        database.register(left, dataset_display_name="left", table_name="left_side"),
        database.register(right, dataset_display_name="right", table_name="right_side"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.97, 0.92, 0.85]),
            cl.JaroWinklerAtThresholds("author", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("publisher", [0.92, 0.8]),
            cl.JaroWinklerAtThresholds("place", [0.9]),
            cl.LevenshteinAtThresholds("year", [1]),
            cl.ExactMatch("pages"),
            cl.JaroWinklerAtThresholds("edition", [0.9]),
        ],
        blocking_rules_to_generate_predictions=[block_on("pair")],
        retain_matching_columns=True,
        additional_columns_to_retain=["pair"],
    )
    linker = Linker(tables, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([block_on("title", "year")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
    for rule in (block_on("title"), block_on("year", "family"), block_on("pages", "family")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    scored = linker.inference.predict().as_pandas_dataframe()  # type: ignore[no-untyped-call]
    found = np.zeros(len(pairs))
    found[scored["pair_l"].to_numpy()] = scored["match_probability"].to_numpy()
    return found
