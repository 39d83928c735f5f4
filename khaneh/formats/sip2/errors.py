"""What can be wrong with bytes that should be a message."""

from __future__ import annotations


class Sip2Error(ValueError):
    """The base of all that follows."""


class ChecksumWrong(Sip2Error):
    """The message was altered on its way: its sender is to send it again."""


class Malformed(Sip2Error):
    """A message too short for its fixed fields, or with bytes in them that no fixed field has."""


class MessageUnknown(Sip2Error):
    """The first two bytes name no message of the protocol."""


class TooLong(Sip2Error):
    """More bytes without an end than any message has."""
