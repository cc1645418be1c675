"""Thermal simulator: a plant, its PLC and their faults, in real or virtual time. Shares no model with the controller."""
