"""Judge: what is missing in the catalogue, and what needs a decision."""
