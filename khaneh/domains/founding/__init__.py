"""How a house comes to be: standards, proposals, assessments, decisions, fitting out, and the passport that shows what became of it."""
