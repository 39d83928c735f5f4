"""The pages of learning: the catalogue of courses, enrolling, what one is enrolled in; runs and staff training at the desk."""
