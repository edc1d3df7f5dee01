"""SLA: every promise and its clock."""
