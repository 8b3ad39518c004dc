"""What we ask for: the policy in numbered versions, its clauses and thresholds, and what differs between two of them.

`versions.py` says which version is in force, `drafts.py` has the verbs that make the next one, `clauses.toml` is number
1. What an amendment means for a vendor is not decided here.
"""
