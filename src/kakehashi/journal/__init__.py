"""journal (証跡): the append-only log of official acts, and evidence an outsider can verify.

Verbs: record an event, seal, verify, export a bundle. Stores government and actor as plain UUIDs: it
stands below both. Called by the services of every room.
"""
