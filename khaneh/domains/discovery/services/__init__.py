"""What changes the index. Other domains call `touch`; a worker calls `keep_fresh`; commands call `drain_now` and `rebuild`."""

from khaneh.domains.discovery.services.changes import drain, pending, touch
from khaneh.domains.discovery.services.keeping import drain_now, keep_fresh
from khaneh.domains.discovery.services.rebuilding import RebuildRunning, is_current, rebuild

__all__ = ["RebuildRunning", "drain", "drain_now", "is_current", "keep_fresh", "pending", "rebuild", "touch"]
