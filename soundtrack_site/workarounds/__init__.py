"""Patches of CPython, Django and Jinja2. Each module says what it gains, and in which version it can be removed."""
