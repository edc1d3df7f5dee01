"""How well and how fast knowledge is found, beside plain BM25, SQLite FTS5 and PostgreSQL."""
