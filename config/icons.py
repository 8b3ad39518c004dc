"""Drawings: every icon of the product as an SVG symbol, to be printed once a page and used by name.

The four states, the four gates and the alarm are our own, solid, and different in outline, so that they stay
apart at 14 px and without colour. Everything else is a Lucide icon (outlines, drawn with the text's colour).
Does not know which icons a page needs; the template tags collect that.
"""

from functools import cache

import lucide

STATE_ICONS = ("state-open", "state-shut", "state-wait", "state-unkn")

_OCTAGON = "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z"
_CROSS = "M5.6 4.4 4.4 5.6 6.8 8 4.4 10.4 5.6 11.6 8 9.2l2.4 2.4 1.2-1.2L9.2 8l2.4-2.4-1.2-1.2L8 6.8z"
_GLASS = (
    "M3 0h10v1.8h-1.1v1.9C11.9 5.6 10.5 6.7 9.2 8c1.3 1.3 2.7 2.4 2.7 4.3v1.9H13V16H3v-1.8h1.1v-1.9"
    "C4.1 10.4 5.5 9.3 6.8 8 5.5 6.7 4.1 5.6 4.1 3.7V1.8H3z"
)
_SAND = (
    "M5.8 1.8v1.7c0 .5.1.9.3 1.2h3.8c.2-.3.3-.7.3-1.2V1.8z"
    "M8 9.2c-.9.9-2.2 1.9-2.2 3.1v.4c.6-.9 1.4-1.4 2.2-1.4s1.6.5 2.2 1.4v-.4C10.2 11.1 8.9 10.1 8 9.2z"
)
_EYE = "M8 2.8c3.9 0 6.8 3.1 8 5.2-1.2 2.1-4.1 5.2-8 5.2S1.2 10.1 0 8c1.2-2.1 4.1-5.2 8-5.2z"
_IRIS = "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z"
_POSTS = "M6 4h36v4H6zM8 8h4v36H8zM36 8h4v36h-4zM4 44h40v2H4z"
_WATER = "c3.3-3 6.7-3 10 0s6.7 3 10 0v3c-3.3 3-6.7 3-10 0s-6.7-3-10 0z"
_MESH = "M14 16l6-6h4L14 20zM14 26l16-16h4L14 30zM14 36l20-20v4L14 40zM16 44l18-18v4L20 44zM26 44l8-8v4l-4 4z"

_OURS = {  # name: (side of the square view box, paths); a path inside another is a hole
    "state-open": (16, "M8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0zM4.1 8.1 7 11.1 12.1 5.8 10.9 4.6 7 8.7 5.3 6.9z"),
    "state-shut": (16, _OCTAGON + _CROSS),
    "state-wait": (16, _GLASS + _SAND),
    "state-unkn": (16, _EYE + _IRIS + "M2.2.9.9 2.2 13.8 15.1 15.1 13.8z"),
    "alarm": (16, _OCTAGON + "M7 3.4h2l-.3 5.8H7.3zM8 10.3a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z"),
    "gate-open": (48, f"{_POSTS}M14 10h20v10H14zM23 2h2v2h-2zM23 8h2v2h-2zM14 31{_WATER}M14 38{_WATER}"),
    "gate-shut": (48, _POSTS + "M14 10h20v7H14zM14 19h20v7H14zM14 28h20v7H14zM14 37h20v7H14z"),
    "gate-wait": (48, _POSTS + "M14 10h20v7H14zM14 19h20v7H14zM14 36h4v3h-4zM22 36h4v3h-4zM30 36h4v3h-4z"),
    "gate-unkn": (48, _POSTS + _MESH),
}


@cache
def symbol(name: str) -> str:
    """The `<symbol id="i-NAME">` of an icon. LookupError when neither we nor Lucide draw it."""
    if name in _OURS:
        side, paths = _OURS[name]
        solid = f'<path fill-rule="evenodd" d="{paths}"/>'
        return f'<symbol id="i-{name}" viewBox="0 0 {side} {side}">{solid}</symbol>'
    try:
        drawing = str(lucide._render_icon(name, None))  # noqa: SLF001  its public tag makes one <svg> a use
    except lucide.IconDoesNotExist as unknown:
        ours = ", ".join(sorted(_OURS))
        raise LookupError(
            f"No icon is called {name!r}. Ours are {ours}; the others are named as on lucide.dev."
        ) from unknown
    strokes = " ".join(drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].split())
    return (
        f'<symbol id="i-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round">{strokes}</symbol>'
    )
