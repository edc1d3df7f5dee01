"""Files beside an article: how large, and how many."""

MOST_BYTES = 1_048_576
MOST_FILES = 20  # of one article
