"""One file a noun: the operations on it, each a shell around one query or one verb."""
