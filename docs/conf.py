"""Sphinx settings: `python -m sphinx -W docs var/docs` builds the documentation and fails on a broken link."""

project = "Liner"
author = "The Liner maintainers"
release = "0.1.0"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = []
html_theme = "alabaster"
html_show_sourcelink = False
myst_heading_anchors = 3
suppress_warnings = []
