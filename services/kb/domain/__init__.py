"""The rulebook of knowledge: words, ranking, spelling, snippets and articles; no I/O."""
