"""Plain values for the templates, made from what the services said.

Nothing is decided here: no priority, no due time, no permission. A view chooses words, tones and
an order to show things in, and is a pure function of the payload, the reader's speech and `now`.
"""
