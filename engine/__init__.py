"""What is due, and who has it: claims with a lease, a heartbeat a stage, health, and the embedded server.

The database is the queue. The engine does not know what the duties are: upper apps ask it to claim their rows.
"""
