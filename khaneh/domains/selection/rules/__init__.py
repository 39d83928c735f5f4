"""Pure decisions of selection: no ORM, no clock, no settings."""
