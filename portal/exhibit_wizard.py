"""Filling in an exhibit, page by page: django-formtools' wizard with named URLs over our own storage.

formtools decides the order of the steps, which of them apply, and what comes next. Saving is ours: whatever is posted
is stored first, valid or not, and only then is looked at. So nothing that was typed depends on a session.
"""

from datetime import datetime
from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.generic import View
from formtools.wizard.views import NamedUrlWizardView, StepsHelper

from journal.actor import Actor
from portal import access
from portal.draft_storage import DraftStorage, whole_number
from portal.filling import filling_of, look_again, looks_at, page_of_row
from portal.settling import settling_address
from portal.step_form import StepForm
from questionnaires import conditions, drafts, draws, emergency
from questionnaires.definition import Page
from questionnaires.definition_file import load
from questionnaires.drafts import Conflict, DraftRefused, RowGone, TooLong
from questionnaires.draws import DrawRefused
from questionnaires.models import Submission
from questionnaires.reading import answers_of

DONE = "done"
STALE = 409  # RFC 9110, 15.5.10
REFUSED = 422


class ExhibitWizard(NamedUrlWizardView):  # type: ignore[misc]
    """One request for one step of one submission."""

    template_name = "portal/step.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.submission: Submission = kwargs["submission"]
        self.now: datetime = timezone.now()
        self.by: Actor = access.actor(request)
        self.prefix = "wizard"
        self.storage = DraftStorage(self.prefix, request, self.submission, self.by, self.now)
        self.steps = StepsHelper(self)
        self.answers = answers_of(self.submission, self.now)
        step = kwargs["step"]
        if step != DONE and step not in self.form_list:
            raise Http404
        if step != DONE and step not in self.get_form_list():
            return self._not_needed(step)
        self.storage.current_step = self.steps.last if step == DONE else step
        return View.dispatch(self, request, *args, **kwargs)

    @property
    def page(self) -> Page:
        return self.submission.definition.pages[self.steps.current]

    # ── what formtools asks ─────────────────────────────────────────────────
    def get_step_url(self, step: str) -> str:
        return reverse(self.url_name, kwargs={"number": self.submission.number, "step": step})

    def get_form_prefix(self, step: str | None = None, form: Any = None) -> str:
        return ""

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        demands = self.request.method == "POST" or step != self.steps.current or self.kwargs["step"] == DONE
        page = self.submission.definition.pages[step or self.steps.current]
        rows = "all" if self.kwargs["step"] == DONE else str(self._rows_number())
        return {"filling": filling_of(self.submission, page, self.answers, rows=rows, demands=demands)}

    def _rows_number(self) -> int:
        """The page of rows that the address names."""
        return max(whole_number(self.request.GET.get("rows", ""), 1), 1)

    def done(self, form_list: Any, **kwargs: Any) -> HttpResponse:
        """Every page is complete: on to the answers as a whole."""
        return redirect("portal:check", self.submission.number)

    # ── posts ───────────────────────────────────────────────────────────────
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, then do what the button said: go on (the only one that looks whether all is there), come back later,
        add or remove a row, draw the sample, go to a question's files or comments; without a button the page saves
        itself."""
        posted = self.request.POST
        if f"{self.prefix}-current_step" not in posted:
            raise SuspiciousOperation("The form names no step.")
        try:
            self.storage.set_step_data(self.steps.current, posted)
        except DraftRefused as refused:
            return self._refused(refused)
        look_again(self.submission, self.page, self.storage.saved, self.now)
        self.answers = answers_of(self.submission, self.now)
        is_by_itself = bool(self.request.htmx and "autosave" in posted)
        if not is_by_itself:
            self._confirm_still_right()
        if self.storage.conflicts or any(gone.lost for gone in self.storage.gone):
            return self._conflict()
        if is_by_itself:
            return self._saved_by_itself()
        deeds = {"later": self._later, "add": self._add, "draw": self._draw, "goto": self._goto, "keep": self._stay}
        for action, deed in deeds.items():
            if action in posted:
                return deed(posted[action])
        return self._go_on(**kwargs)

    def _not_needed(self, step: str) -> HttpResponse:
        """Another answer closed the page, perhaps while it was open: what was typed there is kept all the same."""
        sentence = "That page is not needed: another answer made it so."
        if self.request.method == "POST":
            try:
                self.storage.set_step_data(step, self.request.POST)
            except DraftRefused as refused:
                return self._refused(refused)
        if self.request.htmx:
            page = {"sentence": sentence, "is_saved": self.request.method == "POST"}
            return render(self.request, "portal/saved_refused.html", page, status=STALE)
        messages.info(self.request, sentence)
        return redirect("portal:form", self.submission.number)

    def _go_on(self, **kwargs: Any) -> HttpResponse:
        rows = self._following_rows()
        form = self.get_form(data=self.request.POST)
        if not form.is_valid():
            refused: HttpResponse = self.render(form, **kwargs)
            return refused
        if self.page.step == emergency.STEP:
            for sentence in emergency.register(self.submission, by=self.by, at=self.now):
                messages.warning(self.request, sentence)
        if rows:
            return redirect(f"{self.get_step_url(self.steps.current)}?rows={rows}")
        self.__dict__.pop("_resolved_form_list", None)  # what was saved may have changed which steps apply
        if self.steps.current not in self.get_form_list():  # a colleague's answer did, at this moment
            return self._not_needed(self.steps.current)
        if self.request.POST.get("from") == "check":
            return redirect("portal:check", self.submission.number)
        if self.steps.current == self.steps.last:
            return redirect(self.get_step_url(DONE))
        following: HttpResponse = self.render_next_step(form, **kwargs)
        return following

    def _confirm_still_right(self) -> None:
        """Boxes "still right" beside answers that were carried over."""
        for sheet in list(self.submission.sheets.filter(step=self.steps.current)):
            prefix = f"still-{sheet.row or 'page'}-"
            codes = {name.removeprefix(prefix) for name in self.request.POST if name.startswith(prefix)}
            if codes & set(sheet.unconfirmed):
                drafts.confirm(self.submission, self.steps.current, codes, row=sheet.row, by=self.by, at=self.now)

    def _following_rows(self) -> int:
        """The next page of rows of this step, 0 when these were the last."""
        rows = self.page.rows
        if rows is None:
            return 0
        number = self._rows_number()
        return number + 1 if len(self.answers.rows.get(self.page.step, ())) > number * rows.per_page else 0

    def _later(self, _: str) -> HttpResponse:
        messages.success(self.request, "Saved. Come back whenever you like, on any device.")
        return redirect("portal:form", self.submission.number)

    def _stay(self, _: str) -> HttpResponse:
        return redirect(self.request.get_full_path())

    def _add(self, _: str) -> HttpResponse:
        try:
            sheet = drafts.add_row(self.submission, self.steps.current, by=self.by, at=self.now)
        except DraftRefused as refused:
            return self._refused(refused)
        number = page_of_row(self.submission, self.page, sheet.row)
        return redirect(f"{self.get_step_url(self.steps.current)}?rows={number}#row-{sheet.row}")

    def _draw(self, _: str) -> HttpResponse:
        """Draw the rows whose proof is asked for."""
        if not draws.is_about(self.page):
            raise SuspiciousOperation("No rows are drawn on this page.")
        before = draws.newest(self.submission)
        try:
            drawn = draws.draw_rows(self.submission, self.answers, by=self.by, at=self.now)
        except DrawRefused as refused:
            messages.error(self.request, str(refused))
        else:
            if before and drawn.seed != before.seed:
                messages.warning(
                    self.request,
                    "The sources changed, so other rows are drawn. Proof of the earlier rows is taken out of the form.",
                )
        return redirect(f"{self.get_step_url(self.steps.current)}#draw")

    def _goto(self, where: str) -> HttpResponse:
        """To the files or comments of a question, or to the page that removes a row: "files A5.12 ROW"."""
        kind, code, row = [*where.split(" "), "", ""][:3]
        names = {"files": "portal:files", "talk": "portal:talk", "remove": "portal:row_remove"}
        if kind not in names:
            raise SuspiciousOperation("No such place.")
        known = self.page.step if kind == "remove" else code
        if kind != "remove" and code not in self.submission.definition.questions:
            raise Http404
        address = reverse(names[kind], args=[self.submission.number, known])
        return redirect(f"{address}?row={row}" if row and access.ROW.fullmatch(row) else address)

    # ── answers ─────────────────────────────────────────────────────────────
    def _saved_by_itself(self) -> HttpResponse:
        """That it is saved; or the page anew, when an answer opened or closed questions. The page says what it shows:
        an answer of ours that never reached it, or that it would not draw, is made up for by the next."""
        form = self.get_form(data=self.storage.get_step_data(self.steps.current))
        if self.request.POST.get("shown") != form.shown:
            response: HttpResponse = self.render(form)
            response["HX-Retarget"], response["HX-Reswap"] = "#step", "outerHTML"
            response["HX-Reselect"] = "#step"
            return response
        page = {
            "saved": self.storage.saved,
            "looks": looks_at(self.submission, self.page, self.storage.saved),
            "submission": self.submission,
            "now": self.now,
        }
        return render(self.request, "portal/saved.html", page)

    def _conflict(self) -> HttpResponse:
        """To what came too late, one after another."""
        late: list[Conflict | RowGone] = [*self.storage.conflicts, *self.storage.gone]
        late = [one for one in late if one.lost]
        address = settling_address(self.submission.number, [one.lost.pk for one in late if one.lost])
        if self.request.htmx:
            page = {"sentence": str(late[0]), "address": address}
            return render(self.request, "portal/saved_conflict.html", page, status=STALE)
        return redirect(address)

    def _refused(self, refused: DraftRefused) -> HttpResponse:
        if self.request.htmx:
            return render(self.request, "portal/saved_refused.html", {"sentence": str(refused)}, status=STALE)
        messages.error(self.request, str(refused))
        if isinstance(refused, TooLong):  # with all that was typed, to be made shorter
            page: HttpResponse = self.render(self.get_form(data=self.request.POST))
            page.status_code = REFUSED
            return page
        return redirect("portal:form", self.submission.number)

    def get_context_data(self, form: StepForm, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(form=form, **kwargs)
        definition = self.submission.definition
        section = definition.section_of[self.page.step]
        return context | {
            "vendor_name": self.submission.vendor.name,
            "submission": self.submission,
            "definition": definition,
            "section": section,
            "position": definition.sections.index(section) + 1,
            "page": self.page,
            "clauses": list(dict.fromkeys(ident for one in self.page.questions for ident in one.clauses)),
            "editor": self.request.POST.get("editor") or get_random_string(12),
            "problems": form.problems(),
            "from": self.request.POST.get("from") or self.request.GET.get("from", ""),
            "rows_page": form.filling.rows_page,
            "sample": form.filling.sample,
        }


def _applies(page: Page, wizard: ExhibitWizard) -> bool:
    return conditions.holds(page.when, wizard.answers.known)


@cache
def wizard_for(exhibit: str, version: int) -> Any:
    """The wizard's view for one definition; call it with request, submission= and step=."""
    pages = [page for page in load(exhibit, version).pages.values() if page.step != "sign"]
    return ExhibitWizard.as_view(
        [(page.step, StepForm) for page in pages],
        condition_dict={page.step: partial(_applies, page) for page in pages},
        url_name="portal:step",
        done_step_name=DONE,
    )
