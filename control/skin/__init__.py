"""Skin of the people inside as it follows from the measured gas: an estimate with its uncertainty, no measurement.

``body.py`` says what is assumed of a person, ``film.py`` what takes the heat, ``tissue.py`` how it comes from below, ``air.py`` what
is known of the gas, ``model.py`` puts them together every two seconds, ``state.py``
keeps a session's. It may end an exposure early, by row SKIN-COLD; nothing asks it for more time.
"""
