"""Events: the public calendar, an event's page, registering, one's own events, and the desk with its door."""
