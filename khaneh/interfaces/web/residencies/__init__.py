"""The pages of residencies: the desk of a house, the team's own, the mentor's, and the support ledger."""
