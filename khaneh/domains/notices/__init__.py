"""Messages to people: told by event, sent by channel, in the reader's language. Knows nothing of what the events are about."""
