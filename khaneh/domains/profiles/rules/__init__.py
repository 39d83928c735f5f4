"""Pure decisions of profiles: no rows, no clock, no settings."""
