"""What stood over time, as strips, shares and spans (config/strips.py). A builtin library; it reads no database."""

from django import template
from django.utils.safestring import SafeString

from config import strips
from config.templatetags.sluice import state
from monitors.history import Period
from monitors.standing import SPAN, Strip

register = template.Library()


@register.simple_tag
def strip(one: Strip) -> SafeString:
    """The last 90 days of a check, or of several together, drawn (config/strips.py)."""
    return strips.draw(f"strip-{one.ident}", one.name, one.days, one.first, SPAN, is_of_many=len(one.of) > 1)


@register.simple_tag
def stands(one: Strip) -> SafeString | str:
    """What a check stands at now, as a bare tag."""
    what = one.stands
    return state(strips.STATES[what], strips.WORDS[what].capitalize(), bare=True) if what else ""


@register.filter
def share(part: float | None, upwards: bool = False) -> str:
    """`99.98 %`, rounded down; `share:True` rounds up, for what was not seen. "not seen" for what nobody knows."""
    return strips.write_share(part, upwards)


@register.filter
def dates(period: Period) -> str:
    """`3 to 9 Nov 2026`."""
    return strips.write_days(period.first, period.last)


@register.filter
def spans(period: Period) -> list[tuple[str, str]]:
    """(state, words) for what was seen on these days."""
    return strips.write_spans(period)
