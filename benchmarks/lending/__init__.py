"""A network that lends, made up from a seed: houses with policies, stock, members, and years of loans. What the benchmarks of lending share."""
