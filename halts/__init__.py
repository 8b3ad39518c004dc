"""What we ordered: halt orders, the ladder of people who are told, acknowledgement, lifting.

`policy` decides and touches nothing; `orders` holds the verbs (issue, acknowledge, lift); `sweep` looks for findings
without an order and for orders whose next step is due. An order never sends anything by itself: it writes letters
into the outbox.
"""
