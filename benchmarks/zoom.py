"""A Z39.50 client: the little of libyaz's ZOOM interface that a benchmark needs, by ctypes. Debian has it in the package libyaz5."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Self


class ZoomError(RuntimeError):
    """The target or the connection said no."""


def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("yaz")
    if name is None:
        raise ZoomError("libyaz is missing; Debian and Ubuntu have it in the package libyaz5")
    library = ctypes.CDLL(name)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for function, result, arguments in (
        ("ZOOM_connection_create", pointer, [pointer]),
        ("ZOOM_connection_connect", None, [pointer, text, ctypes.c_int]),
        ("ZOOM_connection_option_set", None, [pointer, text, text]),
        ("ZOOM_connection_error", ctypes.c_int, [pointer, ctypes.POINTER(text), ctypes.POINTER(text)]),
        ("ZOOM_connection_search_pqf", pointer, [pointer, text]),
        ("ZOOM_connection_destroy", None, [pointer]),
        ("ZOOM_resultset_size", ctypes.c_size_t, [pointer]),
        ("ZOOM_resultset_records", None, [pointer, pointer, ctypes.c_size_t, ctypes.c_size_t]),
        ("ZOOM_resultset_destroy", None, [pointer]),
        ("ZOOM_resultset_option_set", None, [pointer, text, text]),
        ("ZOOM_resultset_record", pointer, [pointer, ctypes.c_size_t]),
        ("ZOOM_record_get", text, [pointer, text, ctypes.POINTER(ctypes.c_size_t)]),
        ("ZOOM_options_create", pointer, []),
        ("ZOOM_options_destroy", None, [pointer]),
    ):
        call = getattr(library, function)
        call.restype, call.argtypes = result, arguments
    return library


class Connection:
    """One session with a target."""

    def __init__(self, address: str) -> None:
        self._zoom = _library()
        self._options = self._zoom.ZOOM_options_create()
        self._connection = self._zoom.ZOOM_connection_create(self._options)
        self.option("preferredRecordSyntax", "usmarc")
        self.option("charset", "UTF-8")
        self._zoom.ZOOM_connection_connect(self._connection, address.encode(), 0)
        self._check()

    def option(self, name: str, value: str) -> None:
        """Set an option of the connection, e.g. `count` or `facets`."""
        self._zoom.ZOOM_connection_option_set(self._connection, name.encode(), value.encode())

    def search(self, pqf: str, *, facets: str = "", fetch: int = 20) -> tuple[int, bytes]:
        """Send a query in prefix notation and fetch the first records; then what Zebra counts for `facets`, as XML.

        `facets` is Zebra's list of NAME:TYPE:SIZE, e.g. "author:0:10,title:0:10". Raises ZoomError with the target's diagnostic.
        """
        zoom = self._zoom
        self.option("count", str(fetch))
        result = zoom.ZOOM_connection_search_pqf(self._connection, pqf.encode())
        try:
            self._check()
            size = int(zoom.ZOOM_resultset_size(result))
            counted = b""
            if facets and size:
                zoom.ZOOM_resultset_option_set(result, b"preferredRecordSyntax", b"xml")
                zoom.ZOOM_resultset_option_set(result, b"elementSetName", f"zebra::facet::{facets}".encode())
                record = zoom.ZOOM_resultset_record(result, 0)
                self._check()
                counted = zoom.ZOOM_record_get(record, b"raw", None) if record else b""
            return size, counted
        finally:
            zoom.ZOOM_resultset_destroy(result)

    def _check(self) -> None:
        message, extra = ctypes.c_char_p(), ctypes.c_char_p()
        code = self._zoom.ZOOM_connection_error(self._connection, ctypes.byref(message), ctypes.byref(extra))
        if code:
            raise ZoomError(f"{(message.value or b'').decode()}: {(extra.value or b'').decode()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zoom.ZOOM_connection_destroy(self._connection)
        self._zoom.ZOOM_options_destroy(self._options)
