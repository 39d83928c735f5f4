"""Pure decisions of lending: no ORM, no clock, no settings."""
