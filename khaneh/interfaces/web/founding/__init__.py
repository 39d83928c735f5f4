"""The pages of founding: standards and passports for everybody; proposals, assessments, decisions and fitting out at the desk."""
