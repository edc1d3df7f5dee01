"""The front door: JSON API and web portal."""
