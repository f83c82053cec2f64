"""What every layer may use: errors, text, paths, canonical JSON, digests, safe file writing."""
