"""Pure decisions of placements: no ORM, no clock, no settings."""
