"""The tags that pages stand on; they need settings, but no database."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import include, path, resolve
from pytest_django import Settings

NOW = datetime(2026, 11, 21, 14, 55, 28, tzinfo=UTC)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


_desk = [
    path("", page, name="overview"),
    path("clauses/", page, name="clauses"),
    path("orders/", page, name="orders"),
]
_visitors = [path("policy/", page, name="policy")]
urlpatterns = [
    path("desk/", include((_desk, "desk"))),
    path("", include((_visitors, "visitors"))),
    path("elsewhere/", page, name="elsewhere"),
]


@pytest.fixture(autouse=True)
def _own_urls(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


def render(source: str, **variables: Any) -> str:
    return Template(source).render(Context({"now": NOW, **variables}))


def at(address: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.resolver_match = resolve(request.path)
    return request


# ── icons ───────────────────────────────────────────────────────────────────


def test_an_icon_is_used_by_name_and_drawn_once_at_the_end() -> None:
    html = render('{% collect_icons %}{% icon "mail" %}{% icon "mail" %}{% icon_sprite %}')
    assert html.count('<svg class="ico" aria-hidden="true"><use href="#i-mail"/></svg>') == 2
    assert html.count('<symbol id="i-mail"') == 1


def test_the_sprite_always_holds_the_four_states() -> None:
    html = render("{% collect_icons %}{% icon_sprite %}")
    assert re.findall('id="i-([a-z-]+)"', html) == ["state-open", "state-shut", "state-wait", "state-unkn"]


def test_icons_of_includes_are_collected_even_when_they_see_no_variables() -> None:
    html = render('{% include "fragments/field_error.html" with bound=b only %}{% icon_sprite %}', b={"errors": ["x"]})
    assert "#i-state-shut" in html
    assert render("{% include t only %}{% icon_sprite %}", t=Template('{% icon "plus" %}')).count("i-plus") == 2


def test_an_icon_that_stands_alone_has_a_name() -> None:
    assert 'role="img" aria-label="Mail"' in render('{% icon "mail" "Mail" %}')


def test_an_icon_that_nobody_draws_is_refused() -> None:
    with pytest.raises(LookupError, match="No icon is called 'no-such-thing'"):
        render('{% icon "no-such-thing" %}')


# ── states, cells, clauses ──────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "css", "word"),
    [
        ("open", "open", "Clear"),
        ("adverse", "shut", "Adverse"),
        ("unknown", "unkn", "Unknown"),
        ("wait", "wait", "Attention"),
    ],
)
def test_a_state_is_icon_word_and_colour(name: str, css: str, word: str) -> None:
    html = render("{% state name %}", name=name)
    drawing = f'<svg class="ico" aria-hidden="true"><use href="#i-state-{css}"/></svg>'
    assert html == f'<span class="state {css}">{drawing} {word}</span>'


def test_a_state_takes_a_more_exact_word_and_escapes_it() -> None:
    assert "state-bare" in render('{% state "shut" "Listed" bare=True %}')
    assert "&lt;b&gt;" in render('{% state "shut" word %}', word="<b>")


def test_what_is_no_state_is_refused_rather_than_shown_green() -> None:
    with pytest.raises(ValueError, match="'fine' is no state"):
        render('{% state "fine" %}')


def test_a_clear_cell_shows_its_icon_and_keeps_its_word_for_those_who_listen() -> None:
    assert '<span class="visually-hidden">clear</span>' in render('{% cell "clear" %}')
    assert render('{% cell "unkn" "13:20" %}').endswith(" 13:20</span>")
    assert render('{% cell "none" %}') == '<span class="cell none">n/a</span>'


def test_a_cell_that_is_a_link_says_which_one_it_is() -> None:
    html = render('{% cell "shut" "listed" href=h about="mta3 on Quarry" %}', h="/f/1?a=1&b=2")
    assert html.startswith('<a class="cell shut" href="/f/1?a=1&amp;b=2">')
    assert '<span class="visually-hidden">mta3 on Quarry: </span>listed' in html


def test_a_clause_is_a_link_to_its_text_in_every_window() -> None:
    assert 'href="/desk/clauses/#R5"' in render('{% clause "R5" %}', request=at("/desk/"))
    assert 'href="/policy/#R5"' in render('{% clause "R5" %}', request=at("/elsewhere/"))
    assert 'href="/policy/#R5"' in render('{% clause "R5" %}')


# ── time ────────────────────────────────────────────────────────────────────


def test_moments_and_ages_are_marked_up_for_machines_too() -> None:
    then = NOW - timedelta(hours=3, minutes=53)
    stamp = '<time datetime="2026-11-21T11:02:28Z">'
    assert render("{% moment t %}", t=then) == f"{stamp}21 Nov 2026, 11:02:28 UTC</time>"
    assert render("{% age t %}", t=then) == f"{stamp}3 h 53 min</time>"
    assert render("{% ago t %}", t=then) == f"{stamp}3 h 53 min</time> ago"
    assert render("{% ago t %}", t=NOW + timedelta(minutes=5)).startswith("in <time")
    assert render("{% age t until=u %}", t=then, u=then + timedelta(minutes=6)) == f"{stamp}6 min</time>"


def test_what_never_happened_says_so() -> None:
    assert render("{% moment t %}, {% age t %}, {% ago t %}, {{ t|utc }}", t=None) == "never, never, never, never"


def test_letters_have_plain_words() -> None:
    assert render('{{ now|utc:"minute" }}, {{ 2460|span }}') == "21 Nov 2026, 14:55 UTC, 41 min"


# ── forms ───────────────────────────────────────────────────────────────────


class Sample(forms.Form):
    host = forms.CharField(
        help_text="As it says HELO.",
        error_messages={"required": "Type the host name"},
        widget=forms.TextInput(attrs={"placeholder": "mail.example.com"}),
    )
    note = forms.CharField(required=False, widget=forms.Textarea)
    who = forms.ChoiceField(
        choices=[("o", "We own it"), ("d", "A provider")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who runs it"},
    )
    promise = forms.BooleanField(label="I promise", error_messages={"required": "Tick the promise"})

    def clean(self) -> None:
        self.add_error(None, "The two do not fit together")


def test_a_field_ties_hint_and_error_to_its_control() -> None:
    html = render('{% field form.host size="w-20 host" code="A5.04" %}', form=Sample({}))
    assert '<label for="id_host">Host<span class="code-q">A5.04</span></label>' in html
    assert 'aria-describedby="id_host_helptext id_host_error"' in html
    assert 'id="id_host_helptext">As it says HELO.' in html
    assert 'id="id_host_error"' in html
    assert "Type the host name" in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-control w-20 host"' in html
    assert "placeholder" not in html


def test_a_hint_may_be_replaced_or_left_out() -> None:
    html = render('{% field form.host hint="" label="HELO" %}', form=Sample())
    assert "aria-describedby" not in html
    assert ">HELO</label>" in html
    assert ">Look it up.</div>" in render('{% field form.host hint="Look it up." %}', form=Sample())


def test_only_what_is_optional_is_marked() -> None:
    assert "(optional)" in render("{% field form.note %}", form=Sample())
    assert "(optional)" not in render("{% field form.host %}", form=Sample())


def test_choices_are_a_group_with_a_legend() -> None:
    html = render("{% field form.who %}", form=Sample({}))
    assert '<fieldset class="field field-err" aria-describedby="id_who_error">' in html
    assert "<legend>Who</legend>" in html
    assert html.count('class="form-check-input"') == 2
    assert '<label for="id_who_1">A provider</label>' in html


def test_a_promise_is_framed() -> None:
    html = render("{% field form.promise box=True %}", form=Sample())
    assert '<div class="tick tick-box"><input type="checkbox"' in html


def test_the_summary_leads_to_each_refused_field() -> None:
    html = render("{% error_summary form %}", form=Sample({}))
    assert '<a href="#id_host">Type the host name</a>' in html
    assert '<a href="#id_who_0">Choose who runs it</a>' in html
    assert "<li>The two do not fit together</li>" in html
    assert 'role="alert" tabindex="-1" autofocus' in html


def test_there_is_no_summary_without_a_problem() -> None:
    assert render("{% error_summary form other %}", form=Sample(), other=None).strip() == ""


# ── lists and navigation ────────────────────────────────────────────────────


def test_a_column_head_sorts_keeps_the_search_and_starts_at_page_one() -> None:
    html = render('{% sort_head "name" "Vendor" %}', request=at("/elsewhere/?q=leaf&page=7"))
    assert 'href="?q=leaf&amp;sort=name"' in html
    assert "aria-sort" not in html


def test_the_sorted_column_says_so_and_turns_round() -> None:
    up = render('{% sort_head "name" "Vendor" "num" %}', request=at("/elsewhere/?sort=name"))
    assert '<th scope="col" class="num" aria-sort="ascending"><a href="?sort=-name">' in up
    assert 'aria-sort="descending"' in render('{% sort_head "name" "V" %}', request=at("/elsewhere/?sort=-name"))


def test_pages_say_what_part_of_the_list_this_is_and_keep_the_search() -> None:
    html = render('{% pages p "vendors" %}', p=Paginator(range(5000), 50).page(7), request=at("/elsewhere/?q=a&page=7"))
    assert "301 to 350 of 5,000 vendors" in html
    assert 'href="?q=a&amp;page=8" rel="next"' in html
    assert 'href="?q=a&amp;page=7" aria-current="page"' in html


def test_a_short_list_has_no_pages_and_an_empty_one_nothing() -> None:
    short = render('{% pages p "vendors" %}', p=Paginator(range(3), 50).page(1), request=at("/elsewhere/"))
    assert "3 vendors" in short
    assert "<ul>" not in short
    assert render('{% pages p "vendors" %}', p=Paginator([], 50).page(1), request=at("/elsewhere/")).strip() == ""


def test_the_rail_marks_where_we_are_and_what_waits() -> None:
    html = render('{% rail_link "desk:orders" "mail" "Orders" count=2 now=True %}', request=at("/desk/orders/"))
    assert 'aria-current="page"' in html
    assert '<span class="n n-now">2<span class="visually-hidden"> waiting</span></span>' in html
    assert "aria-current" not in render('{% rail_link "desk:overview" "mail" "All" %}', request=at("/desk/orders/"))


def test_the_rail_leaves_out_what_does_not_exist() -> None:
    assert render('{% rail_link "desk:nothing" "mail" "Nothing" %}', request=at("/desk/")) == ""
