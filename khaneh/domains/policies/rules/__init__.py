"""Deciding, pure: no ORM, no clock, no settings."""
