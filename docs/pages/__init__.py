"""The generated pages of the reference, one module a page."""

WARNING = "<!-- Written by `python -m docs.generate` from the code; changes here are lost. -->"
