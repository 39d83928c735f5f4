"""The staff's pages: importing, quarantine, the union, the network's administration. Views parse, call, translate; no rule lives here."""
