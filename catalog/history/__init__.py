"""Earlier states of records, diffs, undo, undelete, revert and the merging of records: all from the change log."""
