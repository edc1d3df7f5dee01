"""The web portal: pages for people, in Indonesian and English."""
