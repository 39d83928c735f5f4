"""Words that open a title without being part of what it is known by."""

ARTICLES = frozenset(
    "the a an le la les l un une der die das ein eine el los las il lo gli i al".split()  # folded, as keys have them
)
