"""The pages of placements: vacancies for everybody, one's own profile and offers, the employer's page, the figures at the desk."""
