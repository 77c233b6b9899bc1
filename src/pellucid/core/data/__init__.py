"""Data in: rows from files, downloads, splits and fingerprints. Nothing here knows a room or imports torch.

Import the module that does the job (`from pellucid.core.data.tables import read_rows`): each loads only what it needs.
"""
