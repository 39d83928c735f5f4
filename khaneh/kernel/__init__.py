"""Pure words that every part shares: refusals, actors, periods, money, calendars, orthography. No Django, no clock, no I/O."""
