"""The PLC's program in Structured Text, made from the register map, the contract and the PLC's rule table."""
