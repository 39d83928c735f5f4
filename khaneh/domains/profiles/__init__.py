"""Organisations and people as they show themselves: sign-up and its verification, profiles, products, mentors, tables of companies."""
