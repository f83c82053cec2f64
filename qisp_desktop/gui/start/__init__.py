"""The first page: what was open last, and opening something else."""
