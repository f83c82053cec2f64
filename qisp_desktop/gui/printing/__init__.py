"""The printing desk: choose papers of a round, look at them, print or save them."""
