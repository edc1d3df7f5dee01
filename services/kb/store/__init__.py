"""The archive: what kb asks its database and keeps in it, in the field's words."""
