"""Django's settings; everything an operator may turn comes from the environment (docs/operations.md)."""

from datetime import timedelta
from pathlib import Path

from config import env, places
from config.beat import STAGES, SWEEP_SECONDS

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = env.home(BASE_DIR / "var")
MEDIA_ROOT = HOME / "media"  # evidence, signed copies, letters; never served by a web server

# ── where we are ────────────────────────────────────────────────────────────
DEBUG = env.flag("DEBUG", False)
DEMO = env.flag("DEMO", False)  # a scratch installation with the lab behind it
BIND = places.bind("127.0.0.1:8000")
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)  # one that sets X-Forwarded-Proto and X-Forwarded-For
PUBLIC_URL = places.web("PUBLIC_URL", f"http://{BIND.replace('*', 'localhost')}", is_root=True)
SECRET_KEY = env.secret("SECRET_KEY", HOME)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = [places.host_of(PUBLIC_URL), *env.words("ALLOWED_HOSTS")]
if PUBLIC_URL.startswith("http://"):
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# ── whom we are for ─────────────────────────────────────────────────────────
ADVERTISER_NAME = env.text("ADVERTISER_NAME", "The advertiser")
ADVERTISER_DOMAINS = env.words("ADVERTISER_DOMAINS")
OPTOUT_URL = places.web("OPTOUT_URL")
ABUSE_ADDRESS = places.mailbox("ABUSE_ADDRESS")
ABUSE_PHONE = env.text("ABUSE_PHONE")

# ── what we watch, and how we look ──────────────────────────────────────────
RESOLVERS = places.resolvers()
BLOCKLISTS = Path(env.text("BLOCKLISTS")) if env.text("BLOCKLISTS") else None
BLOCKLIST_KEYS = env.parsed("BLOCKLIST_KEYS", "", env.pairs, "LIST=KEY, separated by commas", is_secret=True)
LIST_ENTRIES_SECONDS: float | None = 3  # how old what a process knows of the desk's changes to the catalogue may be
IS_FAST = SWEEP_SECONDS <= 1  # nobody sweeps every second but a demo or a test; other intervals follow suit
WATCH_SECONDS = env.number("WATCH_SECONDS", 2 if IS_FAST else 1800, least=1)
LIST_LIMITS = env.flag("LIST_LIMITS", not IS_FAST)
SURVEY_SECONDS = env.number("SURVEY_SECONDS", 86_400, least=1)  # registrations, websites, holders of networks
SURVEY_SPACING_SECONDS = env.number("SURVEY_SPACING_SECONDS", 86_400)  # between two looks at those that agree
EVIDENCE_DAYS = env.whole("EVIDENCE_DAYS", 30, least=1)  # that a vendor has to show who holds a domain
LEASE_SECONDS = env.number("LEASE_SECONDS", 60, least=2)
CONFIRM_COUNT = env.whole("CONFIRM_COUNT", 2, least=1)
CONFIRM_SPACING_SECONDS = env.number("CONFIRM_SPACING_SECONDS", 2 if IS_FAST else 600)  # outlasts a cache
CLEAR_COUNT = env.whole("CLEAR_COUNT", 2, least=1)
COOL_DOWN_SECONDS = env.number("COOL_DOWN_SECONDS", 0) if IS_FAST or env.text("COOL_DOWN_SECONDS") else None  # per list
MASS_LISTING_SHARE = env.number("MASS_LISTING_SHARE", 0.2)  # of the vendors that a list is asked about; 1: no brake
MASS_LISTING_LEAST = env.whole("MASS_LISTING_LEAST", 3, least=1)
BLIND_SECONDS = env.number("BLIND_SECONDS", 5 if IS_FAST else 600)
KEEP_OBSERVATIONS_DAYS = env.whole("KEEP_OBSERVATIONS_DAYS", 90, least=1)
ESCALATION = env.text("ESCALATION", "contact:15m,backup:15m,staff:15m")
RDAP_BOOTSTRAP = places.file_or_web("RDAP_BOOTSTRAP", "https://data.iana.org/rdap/dns.json")
WHOIS_ROOT = places.whois_root()
REGISTRAR_IDS = places.file_or_web(
    "REGISTRAR_IDS", "https://www.iana.org/assignments/registrar-ids/registrar-ids-1.csv"
)
REGISTRY_SECONDS = env.number("REGISTRY_SECONDS", 0 if IS_FAST else 1)
EGRESS_ALLOW = env.parsed("EGRESS_ALLOW", "", env.networks, "networks like 192.0.2.0/24, separated by commas")
WEB_PORTS = places.web_ports()
EGRESS_CA = env.parsed("EGRESS_CA", "", places.authorities, "the path of a PEM file of certificates")

ENGINE_TASKS = STAGES
ENGINE_STAGES = dict.fromkeys(STAGES, SWEEP_SECONDS)

# ── Django ──────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "config",
    "accounts",
    "journal",
    "engine",
    "policies",
    "vendors",
    "notices",
    "monitors",
    "halts",
    "questionnaires",
    "gate",
    "portal",
    "desk",
    "visitors",
    "api",
    "lab",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]
MIDDLEWARE = [
    "visitors.any_host.HealthForAnyHost",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.charset.OnlyUtf8",
    "api.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.second_factor.SecondFactor",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.advertiser",
                "desk.alarm.bar",
            ],
            "builtins": [f"config.templatetags.{name}" for name in ("sluice", "standing", "form_fields")],
        },
    }
]
DATABASES = {"default": places.database(HOME)}
# Where attempts are counted, and codes that were used. SQLite is served by one process, whose memory is the place; on
# PostgreSQL several count together.
_MANY = {"MAX_ENTRIES": 20_000}  # past it the oldest go, and with them their counts
CACHES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": _MANY}
}
if str(DATABASES["default"]["ENGINE"]).endswith("postgresql"):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sluice_cache",  # made by config/migrations
        "OPTIONS": _MANY,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "media"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ── mail ────────────────────────────────────────────────────────────────────
for _name, _value in places.mail().items():
    globals()[_name] = _value
EMAIL_TIMEOUT = min(20, LEASE_SECONDS / 3)
DEFAULT_FROM_EMAIL = places.mailbox("FROM_ADDRESS") or ABUSE_ADDRESS or "sluice@localhost"
EMAIL_USE_LOCALTIME = False
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2]  # of our Message-IDs

# ── who signs in ────────────────────────────────────────────────────────────
from accounts.conf import *  # noqa: E402, F403  allauth's many settings, beside the app they belong to

REQUIRE_MFA = env.flag("REQUIRE_MFA", True)
FOUR_EYES = env.flag("FOUR_EYES", True)  # an acceptance takes two people
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0  # whose X-Forwarded-For we believe

# ── safety ──────────────────────────────────────────────────────────────────
_HTTPS = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = _HTTPS and env.flag("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # balancers ask in plain HTTP, from inside
_HSTS = env.choice("HSTS", "host", ("off", "host", "subdomains"))
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS and _HSTS != "off" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS and _HSTS == "subdomains"
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for all names below ours is the operator's to promise: SLUICE_HSTS=subdomains
    "security.W021",  # nor do we enter anybody's domain into browsers' lists, which takes months to undo
]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_NAME = "sluice_session"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # the largest page of a form, all its lines filled, has 1,258
FILE_UPLOAD_HANDLERS = [
    "config.uploads.CutShort",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = MEDIA_ROOT / "incoming"  # while a request lasts
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"links": {"()": "config.logmask.MaskLinks"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links"]}},
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", "INFO", LEVELS)},
    "loggers": {
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
        "django": {"handlers": [], "level": "INFO"},  # Django's own handlers would print, and mail, what we mask
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
