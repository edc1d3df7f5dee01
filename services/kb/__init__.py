"""Knowledge: articles, search and suggestions."""
