"""Are two records about the same thing? The rule that the import uses, for whoever has two records at hand."""

from __future__ import annotations

from khaneh.domains.catalogue.rules import matching
from khaneh.domains.catalogue.rules.matching import Verdict
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.dialect import unimarc
from khaneh.formats.marc.types import Record


def match_records(left: Record, right: Record) -> Verdict:
    """Score, decision and evidence. No statement."""
    return matching.score(_folded(left), _folded(right))


def _folded(record: Record) -> matching.Comparable:
    tags = {field.tag for field in record.fields}
    is_unimarc = unimarc(tags, lambda: next((field.first("a") for field in record.get("100")), ""))
    return matching.comparable(describe(record, "unimarc" if is_unimarc else "marc21"))
