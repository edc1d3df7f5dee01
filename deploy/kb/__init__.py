"""`./meja kb`: knowledge from the outside, measured on own questions and brought in from files."""
