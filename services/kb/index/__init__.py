"""The search index of one process, kept in memory and equal to the published articles."""
