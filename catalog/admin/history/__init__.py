"""The history at the desk: what was done to a record, by whom and why, and the way back.

``page``: the history of a record. ``confirm``: what will change, shown before it does. ``rights``: who may.
``deleted``: what can be recovered.
"""
