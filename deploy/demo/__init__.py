"""The demo desk: a made-up company, its tickets of one day, and what its agents do about them."""
