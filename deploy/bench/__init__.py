"""How fast the desk is, measured beside the floor of the machine it runs on."""
