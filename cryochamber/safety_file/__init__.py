"""The safety file as data: requirements, their links to rules and tests, anomalies, software of others. Rendered by `cryochamber docs`."""
