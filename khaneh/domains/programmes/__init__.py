"""Programmes of houses: their calls, the forms that are filled in, and applications until they are decided."""
