"""The archive: what intake asks its database and keeps in it, in the field's words.

Three drawers: `tickets` (one ticket, its people and its conversation), `listing` (many tickets) and
`log` (what happened). Nothing else imports `models`.
"""
