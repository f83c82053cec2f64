"""The site inspection: where, when, the checklist, findings, photos, and who signed on site."""
