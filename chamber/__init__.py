"""What a chamber is and what it may do.

Pure domain: no input/output, no clock, no asyncio, no logging. Time comes in as an argument, facts come in as
readings, decisions go out as values. Everything here can be called from a test, an exploration or a replay.
"""
