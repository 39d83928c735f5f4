"""Pure decisions of discovery: what of a document is indexed, what a query means, how results rank. No ORM, no clock, no settings."""
