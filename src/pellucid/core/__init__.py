"""What every room stands on. Imports nothing else of Pellucid, and torch only where it computes."""
