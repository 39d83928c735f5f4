"""What each part of the program has to tell in calendars. A part above adds its module here and registers its kinds and sources."""

from khaneh.interfaces.protocols.ical.sources import events, learning, meetings, spaces

__all__ = ["ready"]


def ready() -> None:
    """Make every kind of calendar and every source known."""
    spaces.register()
    learning.register()
    events.register()
    meetings.register()
