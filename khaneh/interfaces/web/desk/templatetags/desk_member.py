"""The lines of the member in hand; `member_lines` says why they are written in code."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from khaneh.domains.circulation.queries.members import LoanLine, RequestLine
from khaneh.domains.network.types import Ref
from khaneh.interfaces.web.desk.member_lines import MemberLines
from khaneh.kernel.labels import Label

register = template.Library()


@register.simple_tag
def loan_lines(loans: Iterable[tuple[LoanLine, bool, Ref | None]]) -> SafeString:
    """List items of loans."""
    return SafeString(MemberLines().loans(loans))


@register.simple_block_tag(end_name="end_request_lines")
def request_lines(content: str, requests: Iterable[tuple[RequestLine, Ref | None, Label]], here: Label) -> SafeString:
    """List items of requests. What stands between the tags opens the form of each that can be cancelled, and is rendered once."""
    return SafeString(MemberLines().requests(requests, here=here, form=content))
