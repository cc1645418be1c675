"""How good is the skin estimate? Against the simulator's bodies and against published measurements."""
