"""Close connections that can no longer write, so that saves work again once the disk does.

A connection of SQLite that was opened while the file was read-only, or had an error of the disk, stays as it is. Django
holds each for CONN_MAX_AGE: saves failed for ten minutes or until a restart. No upstream ticket is known.
"""

import os

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to SQLite, which ends with the request after an error, or if the file cannot be written."""

    def close_if_unusable_or_obsolete(self):
        """At the begin and end of a request, close one that had an error: opening it again takes 0.5 ms."""
        if self.errors_occurred:
            self.close_at = 0
        super().close_if_unusable_or_obsolete()

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
