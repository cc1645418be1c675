"""What a measured value is worth: the checks of every instrument, their limits as data, and their memory.

``limits`` holds the numbers, ``sensor`` judges one instrument by its own past, ``fellows`` by the others of its room,
``oxygen`` knows the analysers, ``watch`` runs them all once a second, ``consumption`` compares nitrogen with the valves,
``ne107`` says it in the technicians' words. Pure: what was seen before comes in, what is known now goes out.
"""
