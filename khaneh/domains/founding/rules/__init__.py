"""Pure decisions of founding: no ORM, no clock, no settings."""
