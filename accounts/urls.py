"""The pages of allauth that we offer. Not its page of email addresses: the address is the name of the account, proved
by the invitation; a new address is a new invitation."""

from allauth.account.urls import urlpatterns as all_of_them

OFFERED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # says that nobody signs up
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
urlpatterns = [page for page in all_of_them if page.name in OFFERED]
