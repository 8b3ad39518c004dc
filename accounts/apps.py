from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authentication_failed

        from accounts.second_factor import record_refusal

        authentication_failed.connect(record_refusal)
