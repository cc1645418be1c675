"""Temperature regulators side by side, on the reference scenario and on the project's own plant."""
