"""Sender Policy Framework (RFC 7208): `look_spf_for` says whether a domain lets a vendor's servers send for it.

The evaluator is our own (decision 0018): `macros` and `record` read, `questions` asks within the limits, `check` is
check_host(), `servers` makes one Reading of what it says about each server.
"""

from monitors.probes.spf.check import Evaluation, check_host
from monitors.probes.spf.questions import Result
from monitors.probes.spf.servers import look_spf_for

__all__ = ["Evaluation", "Result", "check_host", "look_spf_for"]
