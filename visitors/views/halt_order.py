"""The page of a halt order, for the person who got it by mail: what to stop, and one button to say that it stops."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.client import ip_of
from halts.models import HaltOrder
from halts.orders import ACKNOWLEDGE, acknowledge
from halts.policy import Ladder
from halts.wording import word
from notices import links
from notices.letters import one_line
from visitors.links import behind_link, unknown_link


class AnswerForm(forms.Form):
    name = forms.CharField(
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name, so that we know who is stopping the mailings."},
    )
    authority = forms.BooleanField(
        error_messages={
            "required": "Tick the box to say that you are stopping the mailings. "
            "Without the authority to do so, pass this page on to the person who has it."
        },
    )

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(self.fields["name"].error_messages["required"])
        if len(name) > 200:
            raise ValidationError(f"This name has {len(name)} characters. Enter at most 200.")
        return name


# No CSRF cookie is asked for: the 256 random bits in the address are the authority, a forged form of another site
# cannot know them, and the page must work in a mail program's browser that keeps no cookies.
@csrf_exempt
@behind_link
def halt_order(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the order and changes nothing; POST with a name and the tick acknowledges it, as often as it is
    sent."""
    now = timezone.now()
    link = links.find(token, ACKNOWLEDGE, now)
    order = HaltOrder.objects.about(link.about).select_related("vendor", "server").first() if link else None
    if link is None or order is None:
        return unknown_link(request, "visitors/halt_unknown.html")
    is_answer = request.method == "POST"
    form = AnswerForm(request.POST if is_answer else None, initial={"name": link.holder_name})
    if is_answer and form.is_valid():
        acknowledge(order, name=form.cleaned_data["name"], link=link, at=now, ip=ip_of(request))
        return HttpResponseRedirect(request.path, status=303)
    page = {"order": word(order), "contact_name": link.holder_name}
    if order.state != HaltOrder.State.ISSUED:
        return render(request, "visitors/acknowledged.html", page)
    return render(request, "visitors/acknowledge.html", page | {"form": form, "next_step_sentence": _next(order, now)})


def _next(order: HaltOrder, now: datetime) -> str:
    again = f"At {order.next_action_at:%H:%M} UTC" if order.next_action_at and order.next_action_at > now else "Shortly"
    further = order.step < len(Ladder.parse(settings.ESCALATION).rungs)
    return (
        f"{again} we write again{', and tell further people' if further else ''}, until somebody answers. "
        "The order is in force already: anything you mail now is without permission."
    )
