"""Quick work at the desk: what would take many clicks in forms, done in one step. A module a tool.

``names`` reads names out of a text and ``people`` says who they are; the tools ask both.
"""
