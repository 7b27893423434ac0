"""Tools: pages and list actions that do in one step what would take many forms. One module per tool.

The work itself is done by ``catalog.editing``; the modules here check permissions, build forms and show messages.
"""
