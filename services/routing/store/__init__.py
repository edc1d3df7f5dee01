"""The archive of routing: questions and saves in the field's words; nobody else sees the tables."""
