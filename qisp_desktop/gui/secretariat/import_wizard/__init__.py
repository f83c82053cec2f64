"""Taking a workbook in: choose, match columns, look through and mend, import. For applications and for experts."""
