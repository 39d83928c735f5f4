"""Matchmaking sessions and demo days: who meets whom, when, at which table; who pitches in which order, and who wants to know more."""
