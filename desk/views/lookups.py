"""To look up by hand: all lists with what is due, and one list with the form for what was seen there."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Right
from desk.access import actor, find_attestation, may, staff
from desk.listing import ROWS, asked
from desk.lookup_forms import LookupForm
from desk.queries.lookups import Group, groups, in_turn, lines, pick_of
from desk.words import counted, sentence
from monitors import lookups
from monitors.attestations import AttestRefused, attest
from monitors.models import WatchQuerySet
from monitors.probes.entry import Blocklist
from notices.attachment import attachment

SHOW = {"due": "Due, or soon", "all": "All"}
NONE_TICKED = "Tick what you looked up."
CHANGED = "What has to be looked up has changed since the page was loaded. Look at it again, and up what is new."


@require_safe
@staff
def all_lookups(request: HttpRequest) -> HttpResponse:
    found = groups(timezone.now())
    return render(request, "desk/lookups.html", {"groups": found, "headline": headline(found)})


def headline(found: list[Group]) -> str:
    due = sum(group.due for group in found)
    if not found:
        return "Nothing is looked up by hand"
    if not due:
        return "Every look-up by hand is up to date"
    return f"{sentence(counted(due, 'look-up'))} by hand {'is' if due == 1 else 'are'} due"


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.ATTEST)
def lookup(request: HttpRequest, list_id: str) -> HttpResponse:
    """GET lists what is to be looked up at one list; `pick` shows one watch, `all` ticks every line of the page. POST
    keeps what was seen of the ticked ones."""
    found = lookups.entry_of(list_id)
    if found is None:
        raise Http404
    check_id, entry = found
    now = timezone.now()
    is_sent = request.method == "POST"
    form = LookupForm(request.POST if is_sent else None, request.FILES if is_sent else None, entry=entry)
    ticked = request.POST.getlist("pick")
    problem = ""
    if is_sent:
        terms = _terms(lookups.of_check(check_id), ticked)
        problem = NONE_TICKED if not ticked else CHANGED if terms is None else ""
        if form.is_valid() and terms and not problem:
            said = form.cleaned_data
            try:
                rows = attest(
                    terms, said["outcome"], words=said["words"], figure=said.get("figure"), shown=said["file"],
                    counts_for=timedelta(days=said["days"]), key=said["key"], by=actor(request), at=now,
                )  # fmt: skip
            except AttestRefused as refused:
                form.add_error(None, str(refused))
            else:
                what = counted(len(rows), "look-up")
                until = rows[0].expires_at
                messages.success(
                    request, f"{sentence(what)} at {entry.name} kept: {rows[0].meaning}. Counts until {until:%d %b %Y}."
                )
                return redirect("desk:lookup", list_id=list_id)
        if problem:
            form.add_error(None, problem)
    return _page(request, entry, check_id, form, ticked, status=422 if form.errors else 200)


def _page(
    request: HttpRequest, entry: Blocklist, check_id: str, form: LookupForm, ticked: list[str], *, status: int
) -> HttpResponse:
    now = timezone.now()
    wanted = asked(request, {}, "")
    show = request.GET.get("show", "due")
    show = show if show in SHOW else "due"
    one = request.GET.get("pick", "")
    watches = lookups.of_check(check_id)
    total = watches.count()
    if one.isascii() and one.isdigit() and len(one) < 16:
        watches = watches.filter(pk=int(one))
    elif wanted.q:
        watches = watches.filter(
            Q(vendor__name__icontains=wanted.q)
            | Q(server__address__istartswith=wanted.q)
            | Q(server__hostname__icontains=wanted.q)
            | Q(domain__name__icontains=wanted.q)
        )
    elif show == "due":
        watches = lookups.pressing(watches, now)
    page = Paginator(in_turn(watches), ROWS).get_page(request.GET.get("page"))
    shown = lines(page, now)
    ticks_all = "all" in request.GET or bool(one)
    return render(
        request,
        "desk/lookup.html",
        {
            "entry": entry,
            "form": form,
            "page": page,
            "lines": [(line, line.pick in ticked or (ticks_all and not form.is_bound)) for line in shown],
            "terms": [term for line in shown for term in line.terms],
            "total": total,
            "q": wanted.q,
            "show": show,
            "choices": SHOW,
        },
        status=status,
    )


def _terms(watches: WatchQuerySet, picks: list[str]) -> dict[int, tuple[str, ...]] | None:
    """By key what is typed there for each ticked watch; None when the page showed something else."""
    keys = {pick.partition(".")[0] for pick in picks}
    if not all(key.isascii() and key.isdigit() and len(key) < 16 for key in keys):
        return None
    found = {watch.pk: lookups.terms_of(watch) for watch in lookups.with_terms(watches).filter(pk__in=map(int, keys))}
    return found if {pick_of(pk, terms) for pk, terms in found.items()} == set(picks) else None


@require_safe
@staff
def attestation_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """What shows it, to save: never shown in the browser."""
    found = find_attestation(uid)
    if not found.place:
        raise Http404
    return attachment(found.place, found.file_name, found.media_type)
