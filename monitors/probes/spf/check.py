"""check_host() of RFC 7208: may this address send mail for that domain, and what in the records says so?

The limits of section 4.6.4 bound the questions of one evaluation; time is for the caller to bound. Where the RFC lets a
receiver go on although the DNS did not answer (`ptr`, %{p}), `is_sure` is False: one that sees more may come to another
result.
"""

import asyncio
from dataclasses import dataclass, replace
from ipaddress import IPv6Address

from egress.answer import Answer
from egress.resolver import Ask
from monitors.probes.names import as_ascii
from monitors.probes.spf.macros import Address, BadSyntax, MacroText, read, values
from monitors.probes.spf.questions import Ended, Questions, Result, is_at_or_below
from monitors.probes.spf.record import ASKING, Directive, Kind, Record, is_spf, parse

LONGEST_PROSE = 500  # characters kept of an explanation
MOST_STEPS = 40
EMPTY = Record(())


@dataclass(frozen=True, slots=True)
class Step:
    """One term that decided something: in the record of which domain it stands, and what it came to."""

    domain: str
    term: str
    result: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What check_host says, and why.

    matched      the term that decided; "" when none did
    why          an error, or why there is no result, in words
    is_for_all   whether everybody would pass as this address does
    explanation  the domain's own text for a fail; a stranger's words, to be shown as text
    terms, voids what counts against the limits
    used         what the result leaned on: "ptr", and the letters of macros
    """

    result: Result
    matched: str = ""
    why: str = ""
    is_for_all: bool = False
    is_sure: bool = True
    explanation: str = ""
    terms: int = 0
    voids: int = 0
    used: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    answers: tuple[Answer, ...] = ()


async def check_host(
    ask: Ask, address: Address, domain: str, *, sender: str = "", helo: str = "", path: int = 0
) -> Evaluation:
    """Evaluate the SPF record of `domain` for mail from `address`.

    `sender` is the address in MAIL FROM; without a local part it is postmaster's (section 4.3). `helo` is the name in
    HELO, the domain itself when not given. Never raises for what records or servers say.
    """
    address = (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
    domain = as_ascii(domain.strip().rstrip("."))
    local, _, host = sender.rpartition("@")
    questions = Questions(ask, address, path)
    walk = _Walk(questions, f"{local or 'postmaster'}@{host or domain}", helo or domain)
    try:
        found = await walk.host(domain)
    except Ended as end:
        found = _Found(end.result, why=str(end))
    evaluation = Evaluation(
        found.result,
        found.matched,
        found.why,
        found.is_for_all,
        questions.is_sure,
        terms=questions.terms,
        voids=questions.voids,
        used=frozenset(walk.used),
        steps=tuple(walk.steps[:MOST_STEPS]),
    )
    explanation = await walk.explain(found) if found.result is Result.FAIL else ""
    return replace(evaluation, explanation=explanation, answers=tuple(questions.answers))


@dataclass(frozen=True, slots=True)
class _Found:
    """What one domain's record comes to; `domain` and `record` are those in which it stands."""

    result: Result
    matched: str = ""
    why: str = ""
    is_for_all: bool = False
    domain: str = ""
    record: Record = EMPTY


class _Walk:
    """One evaluation under way."""

    def __init__(self, questions: Questions, sender: str, helo: str) -> None:
        self._questions, self._sender, self._helo = questions, sender, helo
        self._address = questions.address
        self.used: set[str] = set()
        self.steps: list[Step] = []

    async def host(self, domain: str) -> _Found:
        """Sections 4.3 to 4.7 for one domain: the first directive that matches says it."""
        if "." not in domain:
            return _Found(Result.NONE, why=f"{domain or 'an empty name'} cannot be a domain of mail")
        texts = [text for text in await self._questions.records(domain, "TXT") if is_spf(text)]
        if not texts:
            return _Found(Result.NONE, why=f"{domain} publishes no SPF record")
        if len(texts) > 1:
            raise Ended(Result.PERMERROR, f"{domain} publishes {len(texts)} SPF records")
        try:
            record = parse(texts[0])
        except BadSyntax as fault:
            raise Ended(Result.PERMERROR, f"in the record of {domain}, {fault}") from None
        for directive in record.directives:
            if directive.kind in ASKING:
                self._questions.count(directive.text, domain)
            matches, is_for_all = await self._match(directive, domain)
            if matches:
                self._note(domain, directive.text, directive.result)
                result = Result(directive.result)
                return _Found(result, directive.text, "", is_for_all and result is Result.PASS, domain, record)
        if record.redirect is None:  # behind an all it counts for nothing: an all has matched
            return _Found(Result.NEUTRAL, domain=domain, record=record)
        return await self._redirected(record.redirect, domain)

    async def _redirected(self, redirect: MacroText, domain: str) -> _Found:
        """Section 6.1."""
        self._questions.count("redirect=", domain)
        target = await self._name(redirect, domain)
        found = await self.host(target)
        self._note(domain, f"redirect={target}", found.result)
        if found.result is Result.NONE:
            raise Ended(Result.PERMERROR, f"{domain} redirects to {target}, and {found.why}")
        return found

    async def _match(self, directive: Directive, domain: str) -> tuple[bool, bool]:
        """(does it match, would everybody match): section 5."""
        if directive.kind is Kind.ALL:
            return True, True
        if directive.network is not None:
            is_here = self._address in directive.network
            return is_here, is_here and not directive.network.prefixlen
        target = await self._name(directive.name, domain) if directive.name else domain
        match directive.kind:
            case Kind.INCLUDE:
                return await self._included(target, domain)
            case Kind.A:
                return self._is_at(await self._questions.addresses(target, counts=True), directive)
            case Kind.MX:
                return await self._is_exchange(target, directive)
            case Kind.PTR:
                self.used.add("ptr")
                return bool(await self._questions.validated(target, counts=True)), False
            case _:  # exists: of IPv4, whatever the client has (section 5.7)
                return bool(await self._questions.records(target, "A", counts=True)), False

    async def _included(self, target: str, domain: str) -> tuple[bool, bool]:
        """Section 5.2: only a pass of theirs is a match of ours."""
        found = await self.host(target)
        self._note(domain, f"include:{target}", found.result)
        if found.result is Result.NONE:
            raise Ended(Result.PERMERROR, f"{domain} includes {target}, and {found.why}")
        return found.result is Result.PASS, found.is_for_all

    async def _is_exchange(self, target: str, directive: Directive) -> tuple[bool, bool]:
        """Section 5.4. All hosts are asked at once; one that matches outweighs one that cannot be seen."""
        hosts = await self._questions.exchanges(target)
        found = await asyncio.gather(*map(self._questions.addresses, hosts), return_exceptions=True)
        matches = [self._is_at(one, directive) for one in found if not isinstance(one, BaseException)]
        if (True, True) in matches or (True, False) in matches:
            return max(matches)
        if mishap := next((one for one in found if isinstance(one, BaseException)), None):
            raise mishap
        return False, False

    def _is_at(self, addresses: list[Address], directive: Directive) -> tuple[bool, bool]:
        length = directive.v4 if self._address.version == 4 else directive.v6
        shift = self._address.max_prefixlen - length
        is_here = any(int(one) >> shift == int(self._address) >> shift for one in addresses)
        return is_here, is_here and not length

    async def _name(self, text: MacroText, domain: str) -> str:
        self.used |= text.letters
        return text.as_name(await self._values(text, domain))

    async def _values(self, text: MacroText, domain: str) -> dict[str, str]:
        name = "unknown"
        if "p" in text.letters:  # section 7.3: the domain itself, else a name below it, else any
            names = await self._questions.validated()
            below = [one for one in names if is_at_or_below(one, domain)]
            name = domain if domain.lower() in names else next(iter([*below, *names]), name)
        return values(self._address, domain, self._sender, self._helo, validated=name)

    async def explain(self, found: _Found) -> str:
        """Section 6.2: the text behind exp=, expanded; "" for any trouble with it."""
        if found.record.explanation is None:
            return ""
        answer = await self._questions.one_text(await self._name(found.record.explanation, found.domain))
        if answer is None:
            return ""
        try:
            prose = read(answer.records[0], is_prose=True)
        except BadSyntax:
            return ""
        said = await self._values(prose, found.domain)
        said |= {"c": str(self._address), "r": "unknown", "t": str(int(answer.at.timestamp()))}
        return prose.expanded(said)[:LONGEST_PROSE]

    def _note(self, domain: str, term: str, result: str) -> None:
        step = Step(domain, term[:200], result)
        if step not in self.steps[-1:]:  # an include that passed, and matched for it, is one step
            self.steps.append(step)
