"""The evaluation itself: values and pure functions that carry out the measures; no files, no screen, no database."""
