"""Talks, fairs, technology tours and joint events: who comes, in whose share, what came of it."""
