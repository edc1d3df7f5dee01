"""A desk's set-up as one file: what differs, putting it there, and writing it down."""
