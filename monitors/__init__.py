"""What we see of the vendors' senders."""
