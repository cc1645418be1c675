"""The scan and the regulators: read, validate, decide, regulate, write, ten times a second."""
