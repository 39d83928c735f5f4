"""Pure decisions of the exchange: no ORM, no clock, no settings."""
