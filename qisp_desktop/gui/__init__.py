"""The windows: the only package that knows Qt. Importing it imports nothing."""
