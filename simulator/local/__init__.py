"""Device C: the hand-held device that blows nitrogen vapour onto a site of the skin."""
