"""People who have learned something and the work that asks for it: vacancies, matches, placements, and what became of a cohort."""
