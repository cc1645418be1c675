"""The digital twin on simulated plants: healthy days, and days on which something wears out."""
