"""Pure decisions of programmes: no ORM, no clock, no settings."""
