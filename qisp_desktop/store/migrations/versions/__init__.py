"""One module per step of the format, never changed once a version of the program has shipped with it."""
