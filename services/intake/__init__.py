"""Intake: the ticket belongs here for life."""
