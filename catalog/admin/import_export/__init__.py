"""Import and export of changelists as spreadsheets."""
