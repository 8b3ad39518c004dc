"""How much may be under way to one server, how fast it may leave, and how long to wait for it: learnt from
what comes back and from what does not."""

FIRST = 100  # flights
LEAST = 8
BATCH = 16  # sends in one go: the receive buffer of rbldnsd holds about 170 small packets
BEARABLE_LOSS = 0.05  # of one window; less is the nature of the line, more is a queue that overflows
SHORTEST_WAIT = 0.1  # s; no question is repeated sooner, however near the server is
NEAR = 0.005  # s of round trip; to a server farther away sends are spread over it, not sent in bursts
HASTE = 1.25  # how much faster than one window a round trip they are spread


class Window:
    """`size` is how many flights may be in the air, at most `widest`; `gap` the s between two sends, 0 for
    none, never less than `rate` (sends a second) demands; `wait` how long a first try is given, in s: the
    `longest`, as long as nothing was measured."""

    def __init__(self, *, widest: int, longest: float, rate: float | None) -> None:
        self.size = float(min(FIRST, widest))
        self.wait = longest
        self.gap = self._least_gap = 1 / rate if rate else 0.0
        self._widest, self._longest = widest, longest
        self._is_starting = True  # the window doubles until the first heavy loss
        self._answered = self._lost = 0  # since the size was last adapted
        self._round_trip = self._deviation = 0.0  # s, smoothed as in RFC 6298

    def learn(self, answered: int, round_trip: float) -> None:
        """Some flights were answered, the last of them after `round_trip` s."""
        if not self._round_trip:
            self._round_trip, self._deviation = round_trip, round_trip / 2
        else:
            self._deviation += (abs(round_trip - self._round_trip) - self._deviation) / 4
            self._round_trip += (round_trip - self._round_trip) / 8
        # Three round trips, or RFC 6298's measure where the times scatter.
        patience = max(SHORTEST_WAIT, 3 * self._round_trip, self._round_trip + 4 * self._deviation)
        self.wait = min(self._longest, patience)
        spread = self._round_trip / (HASTE * self.size) if self._round_trip > NEAR else 0.0
        self.gap = max(spread, self._least_gap)
        self._answered += answered
        self._adapt()

    def lose(self) -> None:
        """One flight was given up for lost."""
        self._lost += 1
        self._adapt()

    def _adapt(self) -> None:
        """Additive increase, multiplicative decrease, once a window. Light loss is not taken for congestion:
        on a line that loses one in a hundred, a window that shrank each time would never open."""
        seen = self._answered + self._lost
        if seen < self.size:
            return
        if self._lost > BEARABLE_LOSS * seen:
            self._is_starting = False
            self.size = max(LEAST, self.size * 0.7)
        else:
            self.size += self.size if self._is_starting else BATCH
        self.size = min(self.size, self._widest)
        self._answered = self._lost = 0
