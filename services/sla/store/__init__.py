"""The archive: what sla asks its database and keeps in it, in the field's words.

Statements are built once: building one costs more than running it.
"""
