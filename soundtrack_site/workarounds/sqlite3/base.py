"""Close connections that can no longer write, so that saves work again once the disk does.

A connection of SQLite that was opened while the file was read-only, or had an error of the disk, stays as it is. Django
holds each for CONN_MAX_AGE: saves failed for ten minutes or until a restart. No upstream ticket is known.
"""

import os

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to SQLite. One after an error, or to a file that cannot be written, ends with the request."""

    def is_usable(self):
        """False: Django asks after an error only. Opening the file again takes 0.5 ms."""
        return False

    def rollback(self):
        """Roll the transaction back. Django would forget the error that ended it."""
        errors_occurred = self.errors_occurred
        super().rollback()
        self.errors_occurred = errors_occurred

    def get_new_connection(self, conn_params):
        """Open the file."""
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db() and not os.access(self.settings_dict["NAME"], os.W_OK):
            self.close_at = 0
        return connection
