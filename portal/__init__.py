"""The window for vendors. HTTP only; every row is reached through access.py, which knows only the vendor's own."""
