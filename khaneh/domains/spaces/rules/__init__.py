"""Pure decisions about spaces: no ORM, no clock, no settings."""
