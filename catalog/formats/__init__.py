"""Records as files, and files as records: columns, spreadsheets, import. Knows no request, no form and no admin."""
