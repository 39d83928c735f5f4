"""Pure decisions of residencies: no ORM, no clock, no settings."""
