"""The network's decisions: states of a house, hours and holidays, outlines, keys of the directory. Pure: no ORM, no clock, no settings."""
