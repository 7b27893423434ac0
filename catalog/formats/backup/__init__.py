"""The whole site in one file: the rows of all tables at one moment, and the files of the pictures.

Rows are JSON lines, the same from SQLite and PostgreSQL, so a backup of one can be restored into the other.
"""
