"""Whom we deal with: vendors, their people, the contacts who can stop the mail, and the servers that send it."""
