"""A small pretend internet on loopback ports, for the demo and the tests.

DNS that can be told to lie, a mailbox that can be told to fail, and a page to tell them. Nothing here is part
of the product: only the tests and the ``lab`` command import it, and all it opens is bound to loopback.
"""
