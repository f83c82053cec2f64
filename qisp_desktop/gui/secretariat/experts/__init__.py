"""The panel and who reads what (专家与分配)."""
