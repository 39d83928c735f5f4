"""Pure decisions of meetings: no ORM, no clock, no settings."""
