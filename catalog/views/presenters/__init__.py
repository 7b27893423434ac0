"""What pages are made of, shaped in Python so that templates only print. Named as the partials are."""
