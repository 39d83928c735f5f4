"""Template tags of the pages of spaces."""
