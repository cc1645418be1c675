"""Digital twin: what a chamber's heat balance says of its condition. Estimates with uncertainty, slow, and never in command.

``look.py`` gathers minutes, ``heat.py`` is the model, ``filter.py`` the estimator, ``update.py`` puts them together, ``findings.py``
says what is due, ``record.py`` what a restart has to know.
"""
