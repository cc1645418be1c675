"""The endpoints, one small module per subject."""
