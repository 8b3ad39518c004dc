"""What we ask for: the clause table that every finding, order and letter cites."""
