"""Sources into records: compare what sources state with the catalogue and each other, write what an editor ticks."""
