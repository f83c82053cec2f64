"""Signing and handing in: what is missing, how it will look, the signature, and files that were read again."""
