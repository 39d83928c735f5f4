"""The values of selection."""
