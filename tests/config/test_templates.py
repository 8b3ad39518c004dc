"""What holds for all templates and style sheets, whoever wrote them."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from pytest_django import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(str(file.relative_to(ROOT / "templates")) for file in (ROOT / "templates").rglob("*.html"))
SHEETS = ["base.css", "components.css", "forms.css", "print.css"]


@pytest.fixture(autouse=True)
def _uncollected_static_files(settings: Settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith("letters/")])  # mail knows no sheets
def test_a_template_holds_no_inline_style_or_script(name: str) -> None:
    source = (ROOT / "templates" / name).read_text()
    assert not re.search(r"""<style|\sstyle=|\son[a-z]+=["']|javascript:""", source)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", source, re.DOTALL):
        assert "src=" in attributes or 'type="application/json"' in attributes, body


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_no_context(name: str) -> None:
    html = get_template(name).render()
    assert html.count("<h1>") == 1
    assert "<title>" in html


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_colour_is_a_token(sheet: str) -> None:
    rules = (ROOT / "static/css" / sheet).read_text()
    assert not re.search(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|:\s*(?:white|black)\b", rules)


def test_every_token_that_is_used_exists() -> None:
    sheets = [(ROOT / "static/css" / name).read_text() for name in ["tokens.css", *SHEETS]]
    set_somewhere = {name for rules in sheets for name in re.findall(r"(--[a-z0-9-]+):", rules)}
    used = {name for rules in sheets for name in re.findall(r"var\((--[a-z0-9-]+)", rules)}
    assert used <= set_somewhere
