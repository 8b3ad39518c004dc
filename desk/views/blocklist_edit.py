"""A blocklist's entry as TOML: changed over the built-in one, added, taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rights import Right
from desk.access import actor, find_list, find_list_entry, may, person
from desk.list_forms import EntryForm, NewEntryForm
from monitors import checks, list_entries, toml_text
from monitors.fields import CatalogueRefused
from monitors.models import ListEntry

EXAMPLE = {"zone": "dnsbl.example.org", "severity": "warn", "codes": {"127.0.0.2": "what the list says with it"}}


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.MANAGE_LISTS)
def entry(request: HttpRequest, list_id: str) -> HttpResponse:
    row = ListEntry.objects.filter(list_id=list_id).first()
    if row is None:
        find_list(list_id)
    initial = {"text": toml_text.write(row.fields) if row else ""}
    form = EntryForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _is_changed(request, list_id, form):
        messages.success(request, f"{checks.check_name(checks.DNSBL + list_id)} is changed.")
        return redirect("desk:blocklist", list_id=list_id)
    context = {"form": form, "row": row, "list_id": list_id, "misfit": checks.misfits().get(list_id, "")}
    return render(request, "desk/blocklist_entry.html", context | {"name": checks.check_name(checks.DNSBL + list_id)})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.MANAGE_LISTS)
def new(request: HttpRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    form = NewEntryForm(given, initial={"text": toml_text.write(EXAMPLE)})
    if request.method == "POST" and form.is_valid():
        list_id = form.cleaned_data["list_id"]
        if any(one.id == list_id for one in checks.known()) or ListEntry.objects.filter(list_id=list_id).exists():
            form.add_error("list_id", f"There is a list {list_id}. Change that one, or write another id.")
        elif _is_changed(request, list_id, form):
            messages.success(request, f"{list_id} is in the catalogue. It is asked once it has proved itself.")
            return redirect("desk:blocklist", list_id=list_id)
    return render(request, "desk/blocklist_entry.html", {"form": form})


@require_POST
@may(Right.MANAGE_LISTS)
def take_back(request: HttpRequest, list_id: str) -> HttpResponse:
    row = find_list_entry(list_id)
    list_entries.change(row.list_id, {}, by=actor(request), by_name=str(person(request)), at=timezone.now())
    messages.success(request, f"What was changed of {list_id} is taken back.")
    is_there = any(one.id == list_id for one in checks.known())
    return redirect("desk:blocklist", list_id=list_id) if is_there else redirect("desk:blocklists")


def _is_changed(request: HttpRequest, list_id: str, form: EntryForm) -> bool:
    """Lay what was typed over the entry; False when it is refused, and the form says why."""
    try:
        list_entries.change(
            list_id,
            form.cleaned_data["text"],
            by=actor(request),
            by_name=str(person(request)),
            at=timezone.now(),
        )
    except CatalogueRefused as refused:
        form.add_error("text", str(refused))
        return False
    return True
