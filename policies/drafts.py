"""The verbs that make the next version of the policy: begin, change, publish, discard; and number 1, which is given.

Each verb is one transaction with its entry in the journal; what is refused is refused with a sentence (VersionRefused)
and changes nothing. Whom a new version touches is not known here: which questions it reopens is in
questionnaires/reopening.py, whom it shuts out in the desk's queries.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from journal import record
from journal.actor import ENGINE, Actor
from policies.clauses import GROUPS, IDENT, Clause, clauses, place_of
from policies.difference import Difference, compare
from policies.models import PolicyVersion
from policies.thresholds import BOUNDS, Thresholds
from policies.versions import draft, latest
from policies.wording import NOTE_LIMIT, TEXT_LIMIT, TITLE_LIMIT, WordingRefused, cleaned, named, sha256, write

FIRST_TITLE = "Policy for third-party email"
FIRST_EFFECTIVE_AT = datetime(1970, 1, 1, tzinfo=UTC)  # before all that is ever asked about: "from the beginning"


class VersionRefused(Exception):
    """The sentence says what is in the way, and the way out; `field` is what it is about, when it is about one."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


# ── number 1 ────────────────────────────────────────────────────────────────


def publish_first(at: datetime) -> None:
    """Make number 1 of what came with the product, unless there is one. Called after every migration."""
    with record.turn():
        if PolicyVersion.objects.published().exists():
            return
        first = PolicyVersion.objects.create(
            title=FIRST_TITLE,
            clauses=_stored(clauses().values()),
            thresholds=Thresholds().stored(),
            begun_at=at,
            begun_by_name="Sluice",
        )
        _publish(first, 1, PolicyVersion.Kind.MATERIAL, "", FIRST_EFFECTIVE_AT, [], ENGINE, "Sluice", at)


# ── the draft ───────────────────────────────────────────────────────────────


def begin_draft(*, by: Actor, at: datetime, by_name: str = "") -> PolicyVersion:
    """A draft that reads as the latest version does. Raises VersionRefused while there is another."""
    with record.turn():
        if (other := draft()) is not None:
            raise VersionRefused(f"There is a draft already, begun by {other.begun_by_name}. Go on with that one.")
        source = latest()
        made = PolicyVersion.objects.create(
            title=source.title,
            clauses=source.clauses,
            thresholds=source.thresholds,
            begun_at=at,
            begun_by_name=by_name or by.name,
        )
        record.note(made, "begun", by=by, at=at, after_version=source.number)
    return made


def change_clause(
    version: PolicyVersion, ident: str, title: str, text: str, *, by: Actor, at: datetime, seen: str = ""
) -> None:
    """Give a clause other words. `seen` is the fingerprint of the clause that was looked at: if somebody else was
    faster, VersionRefused says so and nothing is lost."""
    new = _worded(ident, title, text)
    with record.turn():
        _take(version)
        found = {one.id: one for one in version.written}
        if ident not in found:
            raise VersionRefused(f"The draft has no clause {ident}. Add it as a new one.")
        old = found[ident]
        if old == new:
            return
        if seen and seen != old.fingerprint:
            raise VersionRefused(
                f"Somebody else changed {ident} while you wrote. It reads now: “{old.title}: {old.text}” "
                "Send yours again to put it in place of that."
            )
        found[ident] = new
        _save(version, clauses=_stored(found.values()))
        was, now = {"title": old.title, "text": old.text}, {"title": new.title, "text": new.text}
        record.note(version, "clause changed", by=by, at=at, clause=ident, was=was, now=now)


def add_clause(version: PolicyVersion, ident: str, title: str, text: str, *, by: Actor, at: datetime) -> None:
    """A new clause, at its place among the others. Its id must never have been another's."""
    if not IDENT.fullmatch(ident):
        groups = ", ".join(GROUPS)
        raise VersionRefused(
            f"“{ident}” is no clause id. Write a letter of {groups} and a number, and if need be a small letter: R13.",
            "id",
        )
    new = _worded(ident, title, text)
    with record.turn():
        _take(version)
        if any(one.id == ident for one in version.written):
            raise VersionRefused(f"{ident} is a clause already. Choose an id that was never used.", "id")
        _save(version, clauses=_stored(sorted((*version.written, new), key=lambda one: place_of(one.id))))
        record.note(version, "clause added", by=by, at=at, clause=ident, title=new.title, text=new.text)


def drop_clause(version: PolicyVersion, ident: str, *, by: Actor, at: datetime) -> None:
    """Take a clause that this draft added out again. One that was ever published stays for ever: it is cited."""
    with record.turn():
        _take(version)
        if any(one.id == ident for one in latest().written):
            raise VersionRefused(
                f"{ident} was published, and letters cite it: it stays. Its text may say that it asks nothing any more."
            )
        _save(version, clauses=_stored(one for one in version.written if one.id != ident))
        record.note(version, "clause dropped", by=by, at=at, clause=ident)


def change_thresholds(version: PolicyVersion, thresholds: Thresholds, *, by: Actor, at: datetime) -> None:
    """Other numbers. They are within their bounds, or `thresholds` could not exist."""
    with record.turn():
        _take(version)
        was, now = version.limits.stored(), thresholds.stored()
        if was == now:
            return
        _save(version, thresholds=now)
        new = {name: now[name] for name in now if now[name] != was[name]}
        record.note(version, "thresholds changed", by=by, at=at, was={name: was[name] for name in new}, now=new)


def change_title(version: PolicyVersion, title: str, *, by: Actor, at: datetime) -> None:
    """Another title of the whole policy."""
    clean = _cleaned(title, "title", TITLE_LIMIT)
    with record.turn():
        _take(version)
        was = version.title
        if was != clean:
            _save(version, title=clean)
            record.note(version, "title changed", by=by, at=at, was=was, now=clean)


def discard(version: PolicyVersion, *, by: Actor, at: datetime, why: str = "") -> None:
    """Put the draft away for good. Raises MoveRefused when it is no draft any more."""
    record.move(version, PolicyVersion.State.DISCARDED, by=by, at=at, why=why)


# ── publishing ──────────────────────────────────────────────────────────────


def check(version: PolicyVersion, *, kind: str, note: str, effective_at: datetime | None, at: datetime) -> Difference:
    """What publishing the draft like this would change. Raises VersionRefused when it cannot be published like this."""
    previous = latest()
    found = compare(previous.wording, version.wording)
    if not found:
        raise VersionRefused(f"The draft reads as version {previous.number} does. Change something, or discard it.")
    used = {name for one in version.written for name in named(one.title) | named(one.text)}
    for name in (one for one in BOUNDS if one not in used):
        raise VersionRefused(f"No clause names {{{name}}}, but the machine goes by it. Put it into a clause's text.")
    if kind not in PolicyVersion.Kind.values:
        raise VersionRefused("Say whether the change is editorial or material.", "kind")
    if kind == PolicyVersion.Kind.EDITORIAL and found.thresholds:
        label = found.thresholds[0].label.lower()
        raise VersionRefused(f"A threshold differs ({label}). That is a material change.", "kind")
    if kind == PolicyVersion.Kind.EDITORIAL and found.added:
        raise VersionRefused(f"{found.added[0].id} is a new clause. That is a material change.", "kind")
    if kind == PolicyVersion.Kind.MATERIAL and not found.ids:
        raise VersionRefused("No clause reads differently: only the title does. That is an editorial change.", "kind")
    _cleaned(note, "note", NOTE_LIMIT)
    if effective_at is not None and effective_at < at:
        raise VersionRefused(
            f"{_moment(effective_at)} is past. Choose a moment that is still to come, or none: at once.", "effective_at"
        )
    if previous.effective_at and (effective_at or at) < previous.effective_at:
        raise VersionRefused(
            f"Version {previous.number} takes effect at {_moment(previous.effective_at)}. Choose that moment or a "
            "later one, so that versions count in their order.",
            "effective_at",
        )
    return found


def publish(
    version: PolicyVersion,
    *,
    kind: str,
    note: str,
    effective_at: datetime | None,
    by: Actor,
    at: datetime,
    by_name: str = "",
    seen: str = "",
) -> None:
    """Make the draft the next version, in force from `effective_at` (None: at once); from now on it never changes.

    `note` says to vendors what changes. `seen` is the fingerprint of the draft that was looked at: if somebody changed
    it since, VersionRefused says so, as for all that check() finds."""
    with record.turn():
        _take(version)
        if seen and seen != version.fingerprint:
            raise VersionRefused("Somebody changed the draft after you opened this page. Look at it again.")
        found = check(version, kind=kind, note=note, effective_at=effective_at, at=at)
        clean = _cleaned(note, "note", NOTE_LIMIT)
        number = (latest().number or 0) + 1
        _publish(version, number, kind, clean, effective_at or at, found.ids, by, by_name or by.name, at)


def _publish(
    version: PolicyVersion,
    number: int,
    kind: str,
    note: str,
    effective_at: datetime,
    changed: list[str],
    by: Actor,
    by_name: str,
    at: datetime,
) -> None:
    text = write(version.title, number, effective_at, version.written, version.limits)
    changes = {
        "number": number,
        "kind": str(kind),
        "note": note,
        "changed": changed,
        "effective_at": effective_at,
        "sha256": sha256(text),
        "published_at": at,
        "published_by_name": by_name,
    }
    record.move(version, PolicyVersion.State.PUBLISHED, by=by, at=at, changes=changes, sealed={"text": text})


# ── what they share ─────────────────────────────────────────────────────────


def _take(version: PolicyVersion) -> None:
    """The draft as it is now, held until the transaction ends."""
    version.refresh_from_db(from_queryset=PolicyVersion.objects.select_for_update())
    if version.state != PolicyVersion.State.DRAFT:
        raise VersionRefused(f"This is {version} now, and never changes. Begin another draft.")


def _save(version: PolicyVersion, **fields: object) -> None:
    PolicyVersion.objects.filter(pk=version.pk, state=PolicyVersion.State.DRAFT).update(**fields)
    for name, value in fields.items():
        setattr(version, name, value)


def _stored(some: Iterable[Clause]) -> list[Mapping[str, str]]:
    return [{"id": one.id, "title": one.title, "text": one.text} for one in some]


def _worded(ident: str, title: str, text: str) -> Clause:
    """A clause of clean words. Raises VersionRefused beside the field that is at fault."""
    new = Clause(ident, _cleaned(title, "title", TITLE_LIMIT), _cleaned(text, "text", TEXT_LIMIT))
    for field, words in (("title", new.title), ("text", new.text)):
        try:
            named(words)
        except WordingRefused as refused:
            raise VersionRefused(str(refused), field) from refused
    return new


def _cleaned(text: str, field: str, limit: int) -> str:
    try:
        return cleaned(text, field, limit)
    except WordingRefused as refused:
        raise VersionRefused(str(refused), field) from refused


def _moment(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at:%H:%M} UTC on {at.day} {at:%B %Y}"
