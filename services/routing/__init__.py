"""Routing: who works on a ticket, and why."""
