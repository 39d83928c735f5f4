"""Everything that reads the catalogue, as frozen rows with a bounded number of statements."""

from khaneh.domains.catalogue.queries.comparing import match_records
from khaneh.domains.catalogue.queries.imports import import_batch, import_batches, import_report
from khaneh.domains.catalogue.queries.pages import (
    author_page,
    latest,
    lines,
    record_page,
    standing,
    subject_page,
    work_page,
)
from khaneh.domains.catalogue.queries.provenance import contributions, control_numbers
from khaneh.domains.catalogue.queries.sources import profile, profiles, sources

__all__ = [
    "author_page",
    "contributions",
    "control_numbers",
    "import_batch",
    "import_batches",
    "import_report",
    "latest",
    "lines",
    "match_records",
    "profile",
    "profiles",
    "record_page",
    "sources",
    "standing",
    "subject_page",
    "work_page",
]
