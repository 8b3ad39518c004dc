"""What we wrote to them: letters, and the outbox that gets each one out at least once.

A letter is three templates (`templates/letters/NAME.subject.txt`, `.txt`, `.html`). A Delivery is one letter to one
address; its unique key makes a repeat impossible inside, and its Message-ID makes a repeat recognisable outside.
Notices do not know why they are written: whoever writes one names what it is about.
"""
