"""Accounts on the web: signing up and in (django-allauth), keys and sessions, one's profile and roles. No rule of ours lives here."""
