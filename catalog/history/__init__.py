"""REMEMBER: what a record was, what an edit did, and the way back. All of it is read off the one change log."""
