"""The pages of selection: officers at the desk, reviewers and applicants in their account."""
