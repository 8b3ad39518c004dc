"""What happened: the one door for changes of state, and the append-only, hash-chained record of them.

`move()` changes a row's state and writes the entry; `note()` writes an entry for something that is no change of state.
Both demand an open transaction of the caller, or open one: the change and its entry are stored together or not at all.
The journal does not know what the rows mean, and it decides nothing.
"""
