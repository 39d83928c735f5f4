"""Residencies: who is in a house on a plan, what they reach, who mentors them, what they are given, and what becomes of them."""
