"""Where the round stands (概览)."""
