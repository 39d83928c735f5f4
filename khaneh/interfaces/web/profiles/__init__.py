"""The pages of profiles: the catalogue of companies, showcases, mentors, one's own sign-ups and profiles, and the desk that verifies."""
