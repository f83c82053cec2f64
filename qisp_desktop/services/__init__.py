"""Use cases, one module each: all that the command line and the windows call."""
