"""How fast the engine of promises is, beside other calculators and a walk minute by minute."""
