"""What no page spells by hand: icons, states, clauses, moments, lists' heads and pages.

A builtin library: templates use it without {% load %}. Icons are collected while a page renders and printed
once, at its end, by {% icon_sprite %} in base.html. Nothing here reads the database.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from config.icons import STATE_ICONS, symbol
from notices.clockface import write_moment, write_span
from vendors.fields import write_phone

register = template.Library()

DRAWN = "icons_drawn"
_WORDS = {"open": "Clear", "shut": "Adverse", "wait": "Attention", "unkn": "Unknown"}
_STATES = {
    **{state: state for state in _WORDS},
    "clear": "open",
    "adverse": "shut",
    "unknown": "unkn",
    "attention": "wait",
}


# ── icons ───────────────────────────────────────────────────────────────────


def drawn(context: Context) -> dict[str, None]:
    """The icons of this page so far. It lives at the root of the render context, which includes and inclusion
    tags share; base.html also puts it among the variables, which is all that allauth's elements are given."""
    icons: dict[str, None] | None = context.get(DRAWN)
    if icons is None:
        root: Any = context.render_context.dicts[0]
        icons = root.setdefault(DRAWN, {})
    return icons


def _use(context: Context, name: str) -> SafeString:
    drawn(context)[name] = None
    return mark_safe(f'<svg class="ico" aria-hidden="true"><use href="#i-{name}"/></svg>')  # noqa: S308  see icon()


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str, label: str = "") -> SafeString:
    """An icon: ours (config/icons.py) or Lucide's. `label` only for one without a word beside it."""
    symbol(name)  # refuses a name that is not drawn, so that the name needs no escaping
    use = _use(context, name)
    if not label:
        return use
    return format_html('<svg class="ico" role="img" aria-label="{}"><use href="#i-{}"/></svg>', label, name)


@register.simple_tag(takes_context=True)
def gate(context: Context, state: str) -> SafeString:
    """The large drawing of a verdict, in one of the four states."""
    name = f"gate-{_state(state)}"
    drawn(context)[name] = None
    return format_html('<svg class="gate" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag(takes_context=True)
def collect_icons(context: Context) -> str:
    """First thing in base.html: lets everything below collect into one place."""
    context[DRAWN] = drawn(context)
    return ""


@register.simple_tag(takes_context=True)
def icon_sprite(context: Context) -> SafeString:
    """Last thing in base.html: every icon used above, and the four states, for fragments that come later."""
    symbols = (symbol(name) for name in dict.fromkeys((*STATE_ICONS, *drawn(context))))
    return mark_safe(  # noqa: S308  symbols are our own and Lucide's
        f'<svg class="sprite" aria-hidden="true" focusable="false">{"".join(symbols)}</svg>'
    )


# ── states and clauses ──────────────────────────────────────────────────────


def _state(name: str) -> str:
    try:
        return _STATES[name]
    except KeyError:
        raise ValueError(f"{name!r} is no state. Use one of {', '.join(_STATES)}.") from None


@register.filter
def as_state(name: str) -> str:
    """The class of a verdict: open, shut, wait or unkn."""
    return _state(name)


@register.simple_tag
def state(name: str, word: str = "", bare: bool = False) -> SafeString:
    """A state as a tag: icon, word and colour. Without a word, the word of a check (Clear, Adverse, ...).
    `name` is open, shut, wait, unkn, or a verdict: clear, adverse, unknown. `bare` for text and tables."""
    return _state_tag(name, str(word), bare)  # its icon is in every page's sprite


@lru_cache(maxsize=512)
def _state_tag(name: str, word: str, bare: bool) -> SafeString:
    """Kept, because a list has the same few tags on each of its lines."""
    known = _state(name)
    return format_html(
        '<span class="state {}{}"><svg class="ico" aria-hidden="true"><use href="#i-state-{}"/></svg> {}</span>',
        known,
        " state-bare" if bare else "",
        known,
        word or _WORDS[known],
    )


@register.simple_tag(takes_context=True)
def state_icon(context: Context, name: str) -> SafeString:
    """Only the icon of a state, where the row carries the class and the word: .checks, .time, .notice."""
    return _use(context, f"state-{_state(name)}")


@register.simple_tag(takes_context=True)
def cell(context: Context, name: str, word: str = "", href: str = "", about: str = "") -> SafeString:
    """A cell of a matrix. Clear shows its icon only and keeps its word for screen readers; all else shows it.
    `none` is for a check that does not apply. `about` names the row and column of a cell that is a link."""
    if name == "none":
        known, inner = "none", str(conditional_escape(word or "n/a"))
    else:
        known = _state(name)
        text = conditional_escape(word or _WORDS[known].lower())
        heard = format_html('<span class="visually-hidden">{}: </span>', about) if about else ""
        shown = f'<span class="visually-hidden">{text}</span>' if known == "open" else text
        inner = f"{_use(context, f'state-{known}')} {heard}{shown}"
    if href:
        return mark_safe(f'<a class="cell {known}" href="{conditional_escape(href)}">{inner}</a>')  # noqa: S308  escaped
    return mark_safe(f'<span class="cell {known}">{inner}</span>')  # noqa: S308  escaped above


@register.simple_tag(takes_context=True)
def clause(context: Context, ident: str) -> SafeString:
    """A clause's id, as a link to its text: the desk's page at the desk, everybody's elsewhere."""
    match = getattr(context.get("request"), "resolver_match", None)
    page = "desk:clauses" if match is not None and match.app_name == "desk" else "visitors:policy"
    inner = format_html('<span class="visually-hidden">Clause </span>{}', ident)
    return format_html('<a class="clause" href="{}#{}">{}</a>', reverse(page), ident, inner)


# ── time ────────────────────────────────────────────────────────────────────


def _now(context: Context) -> datetime:
    now: datetime | None = context.get("now")
    return timezone.now() if now is None else now


def _time(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", words)


@register.simple_tag
def moment(at: datetime | None, style: str = "second") -> SafeString | str:
    """`21 Nov 2026, 14:14:20 UTC`; the other styles are minute, clock and day (notices/clockface.py)."""
    return "never" if at is None else _time(at, write_moment(at, style))


@register.simple_tag(takes_context=True)
def moment_short(context: Context, at: datetime) -> SafeString:
    """A moment where little room is: `14:14:20` today, `21 Nov` in this year, else the day with its year."""
    now, at = _now(context).astimezone(UTC), at.astimezone(UTC)
    if at.date() == now.date():
        return _time(at, write_moment(at, "clock"))
    return _time(at, f"{at.day} {at:%b}" if at.year == now.year else write_moment(at, "day"))


@register.simple_tag(takes_context=True)
def age(context: Context, at: datetime | None, until: datetime | None = None) -> SafeString | str:
    """How far a moment is from the page's `now`, or from `until`, either way, bare: `41 min`."""
    if at is None:
        return "never"
    return _time(at, write_span(abs(((until or _now(context)) - at).total_seconds())))


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None) -> SafeString | str:
    """The same as words in a sentence: `41 min ago`, or `in 5 min`."""
    if at is None:
        return "never"
    span = age(context, at)
    return format_html("in {}", span) if at > _now(context) else format_html("{} ago", span)


@register.filter
def utc(at: datetime | None, style: str = "second") -> str:
    """The moment as plain words, for letters."""
    return "never" if at is None else write_moment(at, style)


@register.filter
def phone(number: str) -> str:
    """A stored number (E.164) as people read it: `+44 20 7946 0958`."""
    return write_phone(number)


@register.filter
def span(seconds: float) -> str:
    """A number of seconds as `3 h 53 min`."""
    return write_span(seconds)


# ── lists and navigation ────────────────────────────────────────────────────


@register.simple_tag(takes_context=True)
def sort_head(context: Context, key: str, title: str, classes: str = "") -> SafeString:
    """The head of a column that sorts: `?sort=key`, then `?sort=-key`. Keeps the search, goes to page 1."""
    request = context["request"]
    current = context.get("sort") or request.GET.get("sort", "")
    query = request.GET.copy()
    query["sort"] = f"-{key}" if current == key else key
    query.pop("page", None)
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    arrow = {"ascending": "arrow-up", "descending": "arrow-down"}.get(direction, "chevrons-up-down")
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{} {}</a></th>',
        format_html(' class="{}"', classes) if classes else "",
        format_html(' aria-sort="{}"', direction) if direction else "",
        query.urlencode(),
        title,
        icon(context, arrow),
    )


@register.inclusion_tag("fragments/pages.html", takes_context=True)
def pages(context: Context, page: "Page[Any]", noun: str) -> dict[str, Any]:
    """Under a list: which part of it this is, and the way to the others. `noun` is plural: `vendors`."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    first, last, total = page.start_index(), page.end_index(), page.paginator.count
    return {
        "page": page,
        "noun": noun,
        "sum": f"{total:,}" if page.paginator.num_pages == 1 else f"{first:,} to {last:,} of {total:,}",
        "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "gap": page.paginator.ELLIPSIS,
        "query": f"{query.urlencode()}&" if query else "",
    }


@register.simple_tag(takes_context=True)
def rail_link(
    context: Context, view: str, icon_name: str, title: str, count: int = 0, now: bool = False
) -> SafeString | str:
    """A line of the desk's rail; nothing while the page it leads to does not exist. `count` is of things to
    do, `now` marks those that cannot wait."""
    href = _rail_address(view)
    if not href:
        return ""
    path = getattr(context.get("request"), "path", "")
    here = path == href or (view != "desk:overview" and path.startswith(href))
    number = (
        format_html(
            '<span class="n{}">{}<span class="visually-hidden"> waiting</span></span>',
            " n-now" if now else "",
            f"{count:,}",
        )
        if count
        else ""
    )
    return format_html(
        '<li><a id="rail-{}" href="{}"{}>{} {}{}</a></li>',
        view.partition(":")[2] or view,
        href,
        format_html(' aria-current="{}"', "page" if path == href else "true") if here else "",
        icon(context, icon_name),
        title,
        number,
    )


@lru_cache(maxsize=64)
def _rail_address(view: str) -> str:
    """Where a view is, or nothing: the rail stands on every page of the desk, and addresses do not move."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
