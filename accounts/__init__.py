"""Who signs in: people by email address, their role at the desk, invitations, and tokens for machines.

What a role may do is decided by the windows (desk/access.py, api/); membership of a vendor is a row of vendors.
"""
