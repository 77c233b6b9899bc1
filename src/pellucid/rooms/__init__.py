"""The systems of the course: one folder each, all with the same file names. Rooms never import rooms."""
