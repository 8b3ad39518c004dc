"""How we touch the outside."""
