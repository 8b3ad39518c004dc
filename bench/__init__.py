"""Measurements of what Sluice promises, against other ways to do the same work on the same machine."""
