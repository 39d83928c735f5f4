"""Pages of networking: what one follows and is told of, what all houses run, what they share."""
