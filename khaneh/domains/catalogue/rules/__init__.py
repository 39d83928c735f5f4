"""Decisions of the catalogue. Pure: no ORM, no clock, no settings."""
