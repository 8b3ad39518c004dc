"""The portal's addresses. None names a vendor: whose pages they are is decided by who is signed in."""

from django.urls import path

from portal.views import (
    acceptance,
    check,
    conflict,
    copies,
    delisting,
    evidence,
    files,
    form,
    forms,
    look,
    newer,
    notices_address,
    rows,
    sample,
    sign,
    sources,
    step,
    talk,
)
from portal.views.colleagues import colleagues, withdraw
from portal.views.contact_code import code, code_sent
from portal.views.contacts import ask, contact_edit, contact_new, contact_remove, contacts
from portal.views.home import home
from portal.views.order import order
from portal.views.standing import domain_look, server_look, standing

app_name = "portal"
urlpatterns = [
    path("", home, name="home"),
    path("orders/<str:number>/", order, name="order"),
    path("findings/<str:number>/", delisting.delisting, name="delisting"),
    path("delistings/<uuid:uid>/answer/", delisting.delisting_answer, name="delisting_answer"),
    path("standing/", standing, name="standing"),
    path("standing/servers/<uuid:uid>/look/", server_look, name="server_look"),
    path("standing/domains/<uuid:uid>/look/", domain_look, name="domain_look"),
    path("contacts/", contacts, name="contacts"),
    path("contacts/new/", contact_new, name="contact_new"),
    path("contacts/<uuid:uid>/", contact_edit, name="contact_edit"),
    path("contacts/<uuid:uid>/remove/", contact_remove, name="contact_remove"),
    path("contacts/<uuid:uid>/ask/", ask, name="contact_ask"),
    path("contacts/<uuid:uid>/code/", code, name="contact_code"),
    path("contacts/<uuid:uid>/code/send/", code_sent, name="contact_code_send"),
    path("colleagues/", colleagues, name="colleagues"),
    path("colleagues/<int:pk>/withdraw/", withdraw, name="invitation_withdraw"),
    path("forms/", forms.forms, name="forms"),
    path("forms/begin/", forms.begin, name="form_begin"),
    path("forms/<str:number>/", form.form, name="form"),
    path("forms/<str:number>/give-up/", form.give_up, name="form_give_up"),
    path("forms/<str:number>/carry-over/", newer.carry_over, name="form_carry_over"),
    path("forms/<str:number>/assign/<str:code>/", form.assign, name="form_assign"),
    path("forms/<str:number>/check/", check.check, name="check"),
    path("forms/<str:number>/sign/", sign.sign, name="sign"),
    path("forms/<str:number>/signed/", sign.signed, name="signed"),
    path("forms/<str:number>/notices-address/", notices_address.notices_address, name="notices_address"),
    path("forms/<str:number>/notices-address/send/", notices_address.code_sent, name="notices_address_send"),
    path("forms/<str:number>/copy.pdf", copies.copy_pdf, name="copy_pdf"),
    path("forms/<str:number>/copy.json", copies.copy_json, name="copy_json"),
    path("forms/<str:number>/files/<str:code>/", files.files, name="files"),
    path("forms/<str:number>/sample.csv", sample.sample, name="sample"),
    path("forms/<str:number>/comments/<str:code>/", talk.talk, name="talk"),
    path("forms/<str:number>/conflicts/<int:pk>/", conflict.conflict, name="conflict"),
    path("forms/<str:number>/looks/<slug:row>/", look.look, name="look"),
    path("forms/<str:number>/<slug:step>/remove/", rows.row_remove, name="row_remove"),
    path("forms/<str:number>/<slug:step>/", step.step, name="step"),
    path("files/<uuid:uid>/", files.file, name="file"),
    path("files/<uuid:uid>/remove/", files.file_remove, name="file_remove"),
    path("evidence/", evidence.requests, name="evidence"),
    path("evidence/<str:number>/", evidence.answer, name="evidence_request"),
    path("evidence/files/<uuid:uid>/", evidence.document, name="document"),
    path("papers/<str:number>/", acceptance.paper, name="paper"),
    path("acceptances/<str:number>/", acceptance.acceptance, name="acceptance"),
    path("acceptances/<str:number>/letter.pdf", acceptance.letter, name="letter"),
    path("acceptances/<str:number>/receive/", acceptance.receive, name="acceptance_receive"),
    path("lists/", sources.list_sources, name="sources"),
]
