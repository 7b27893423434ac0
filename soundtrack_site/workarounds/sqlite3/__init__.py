"""Django's SQLite backend, with connections that recover from errors of the disk."""
