"""Somebody who is signed in at the desk, for benchmarks that ask for pages."""


def signed_in() -> str:
    """The Cookie header of an administrator, made for the purpose; Django is set up by the caller."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import Role, User

    user = User.objects.create_user("ada@example.com", name="Ada", role=Role.ADMINISTRATOR)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
