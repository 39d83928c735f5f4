"""Pure decisions of learning: no ORM, no clock, no settings."""
