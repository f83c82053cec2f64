"""Taking back what experts signed (回收)."""
