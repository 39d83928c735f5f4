"""The REST API under /api/v1: reads what everybody may read. A door only: it parses, makes one call, and translates."""
