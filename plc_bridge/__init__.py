"""The PLC on the wire: register map, codec, rules of the PLC's own program, client."""
