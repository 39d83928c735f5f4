"""The self-check: a tablet at a house where readers borrow, give back and renew by themselves."""
