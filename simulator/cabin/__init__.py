"""Device B: the single-person cabin, head out, cooled by nitrogen vapour blown in; its treatment room; its guest."""
