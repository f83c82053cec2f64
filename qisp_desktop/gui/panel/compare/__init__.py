"""The expert's own scores side by side, before they are signed."""
