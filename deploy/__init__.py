"""How the house is started, tried and measured on one machine, and shipped to many."""
