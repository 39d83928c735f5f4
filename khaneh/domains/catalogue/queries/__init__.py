"""Everything that reads the catalogue, as frozen rows with a bounded number of statements."""

from khaneh.domains.catalogue.queries.comparing import match_records
from khaneh.domains.catalogue.queries.copies import (
    FetchableCopy,
    LendingCopy,
    Requestable,
    copies_by_house,
    fetchable_copies,
    hold_on_shelf,
    lending_copy,
    requestable,
)
from khaneh.domains.catalogue.queries.decisions import (
    contribution_bytes,
    decisions,
    decisions_of,
    downloadable,
    review_count,
    review_pair,
    review_pairs,
)
from khaneh.domains.catalogue.queries.imports import import_batch, import_batches, import_report
from khaneh.domains.catalogue.queries.pages import (
    author_page,
    latest,
    lines,
    record_page,
    standing,
    subject_page,
    work_page,
    work_shelves,
)
from khaneh.domains.catalogue.queries.provenance import contributions, control_numbers
from khaneh.domains.catalogue.queries.quarantine import (
    quarantine_counts,
    quarantine_item,
    quarantine_items,
    quarantine_original,
    quarantine_view,
)
from khaneh.domains.catalogue.queries.sources import profile, profiles, sources

__all__ = [
    "FetchableCopy",
    "LendingCopy",
    "Requestable",
    "author_page",
    "contribution_bytes",
    "contributions",
    "control_numbers",
    "copies_by_house",
    "decisions",
    "decisions_of",
    "downloadable",
    "fetchable_copies",
    "hold_on_shelf",
    "import_batch",
    "import_batches",
    "import_report",
    "latest",
    "lending_copy",
    "lines",
    "match_records",
    "profile",
    "profiles",
    "quarantine_counts",
    "quarantine_item",
    "quarantine_items",
    "quarantine_original",
    "quarantine_view",
    "record_page",
    "requestable",
    "review_count",
    "review_pair",
    "review_pairs",
    "sources",
    "standing",
    "subject_page",
    "work_page",
    "work_shelves",
]
