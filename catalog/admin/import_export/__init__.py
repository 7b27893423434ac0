"""Lists out of the desk and back into it: columns and resources, the files they travel in, the pages."""
