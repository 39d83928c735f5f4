"""One module a part of the network; each lists the addresses it answers."""
