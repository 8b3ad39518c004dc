"""The rules of the gate, a file a question. Each is `rule(standing, subject, at)` and yields what it has to say. Pure.

granted   does the vendor hold what it needs: acceptance, the policy's version, a contact who can stop the mail
covered   does the acceptance cover this server, header, source
overdue   the conditions of a letter whose day is past, for both
stopped   what was ordered, what was found, and what we cannot see
"""
