"""Who judges applications and how: reviewers, conflicts, reviews, the ranking, interviews, decisions, appeals, letters, contracts."""
