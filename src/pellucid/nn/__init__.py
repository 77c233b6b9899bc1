"""Layers that two or more rooms use. Imports torch only, and `kinds` not even that."""
