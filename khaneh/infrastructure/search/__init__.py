"""Search engines behind one port: tantivy in process, OpenSearch for many machines. No domain is known here."""

from __future__ import annotations

from pathlib import Path

from khaneh.infrastructure.search import port


def open_engine(fields: port.Fields, *, folder: Path, url: str = "") -> port.Engine:
    """OpenSearch where a URL is given (SEARCH_URL), else tantivy in `folder`. Nothing is created or asked yet."""
    # Only one of the two is needed in a process, and each takes a while to import.
    if url:
        from khaneh.infrastructure.search.opensearch_engine import OpenSearchEngine

        return OpenSearchEngine(url, fields)
    from khaneh.infrastructure.search.tantivy_engine import TantivyEngine

    return TantivyEngine(folder, fields)
