"""The JSON API: one resource per noun, all of them named in `routes`."""
