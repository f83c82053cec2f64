"""Workbooks: openpyxl reads what people send, XlsxWriter writes what we publish."""
