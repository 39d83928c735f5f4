"""QR codes as drawings in the page: nothing is fetched, and they print sharp."""

from __future__ import annotations

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# The quiet zone that the standard asks for (ISO/IEC 18004, 9.1), in modules.
_BORDER = 4


def drawing(text: str, *, label: str) -> SafeString:
    """An SVG of a text, black on white whatever the theme, since cameras read that best; `label` is its name for who does not see it."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=_BORDER)
    code.add_data(text)
    matrix = code.get_matrix()
    # A row's dark stretches, each one rectangle: a third of the length of a path of single modules.
    steps = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                steps.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
            x = end + 1
    size = len(matrix)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path fill="#000" d="{2}"/></svg>',
        size,
        label,
        mark_safe("".join(steps)),  # noqa: S308 (numbers alone)
    )
