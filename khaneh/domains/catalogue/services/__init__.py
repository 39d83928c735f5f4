"""Everything that changes the catalogue: one function an act."""

from khaneh.domains.catalogue.services.imports import begin_import, begin_upload, import_file, import_files, run_import
from khaneh.domains.catalogue.services.refreshing import refresh_stale

__all__ = ["begin_import", "begin_upload", "import_file", "import_files", "refresh_stale", "run_import"]
