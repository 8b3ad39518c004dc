"""The journal in sentences, by the type of the object and the verb. An entry that is not here is shown plainly."""

from collections.abc import Mapping

from desk.sentences.evidence import EVIDENCE
from desk.sentences.lookups import LOOKUPS
from desk.sentences.monitoring import MONITORING
from desk.sentences.orders import ORDERS
from desk.sentences.policy import POLICY
from desk.sentences.register import REGISTER
from desk.sentences.review import REVIEW
from desk.sentences.sentence import Sentence

SENTENCES: Mapping[tuple[str, str], Sentence] = {
    **REGISTER,
    **REVIEW,
    **MONITORING,
    **LOOKUPS,
    **EVIDENCE,
    **ORDERS,
    **POLICY,
}
