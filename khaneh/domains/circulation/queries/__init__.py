"""Everything that reads lending, as frozen rows with a bounded number of statements."""
