"""Django settings. What an operator may choose is read from the environment and described in docs/operations.md."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from khaneh.config import environment
from khaneh.infrastructure import mail

PACKAGE = Path(__file__).resolve().parent.parent
KHANEH_HOME = environment.home()

SECRET_KEY = environment.secret_key()
DEBUG = environment.flag("KHANEH_DEBUG")
ALLOWED_HOSTS = environment.words("KHANEH_HOSTS", "localhost,127.0.0.1,[::1]")
SITE_URL = os.environ.get("KHANEH_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SEARCH_URL = os.environ.get("SEARCH_URL", "")
TILE_URL = os.environ.get(
    "KHANEH_TILE_URL", ""
)  # a map's tile server, e.g. https://host/{z}/{x}/{y}.png; none by default
UPLOAD_LIMIT = int(os.environ.get("KHANEH_UPLOAD_LIMIT_MB", "512")) * 1024 * 1024  # bytes of one uploaded file
DECISIONS_DAYS = int(os.environ.get("KHANEH_DECISIONS_DAYS", "400"))  # how long decisions of policies are kept

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "procrastinate.contrib.django",
    "khaneh.interfaces.web.accounts",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "khaneh.infrastructure.journal",
    "khaneh.domains.network",
    "khaneh.domains.people",
    "khaneh.domains.policies",
    "khaneh.domains.notices",
    "khaneh.domains.qualifications",
    "khaneh.domains.credits",
    "khaneh.domains.discovery",
    "khaneh.domains.catalogue",
    "khaneh.domains.circulation",
    "khaneh.domains.spaces",
    "khaneh.domains.learning",
    "khaneh.domains.events",
    "khaneh.domains.profiles",
    "khaneh.domains.placements",
    "khaneh.domains.programmes",
    "khaneh.domains.selection",
    "khaneh.domains.exchange",
    "khaneh.domains.residencies",
    "khaneh.domains.founding",
    "khaneh.domains.networking",
    "khaneh.domains.meetings",
    "khaneh.interfaces.web",
    "khaneh.interfaces.web.desk",
    "khaneh.interfaces.web.profiles",
    "khaneh.interfaces.web.placements",
    "khaneh.interfaces.web.programmes",
    "khaneh.interfaces.web.residencies",
    "khaneh.interfaces.web.selection",
    "khaneh.interfaces.web.founding",
    "khaneh.interfaces.web.meetings",
    "khaneh.interfaces.web.networking",
    "khaneh.interfaces.web.exchange",
    "khaneh.interfaces.web.selfcheck",
    "khaneh.interfaces.web.offline",
    "khaneh.interfaces.web.events",
    "khaneh.interfaces.web.learning",
    "khaneh.interfaces.web.spaces",
    "khaneh.interfaces.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "khaneh.interfaces.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "khaneh.interfaces.web.middleware.SeenMiddleware",
    "khaneh.interfaces.web.middleware.ActorMiddleware",
    "khaneh.interfaces.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "khaneh.config.urls"
ASGI_APPLICATION = "khaneh.config.asgi.application"
WSGI_APPLICATION = "khaneh.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "khaneh.interfaces.web.context.site",
            ],
        },
    }
]

DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "home"

LANGUAGE_CODE = "en"
LANGUAGES = [("fa", "فارسی"), ("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [
    PACKAGE / "interfaces/web/locale",
    PACKAGE / "interfaces/web/desk/locale",
    PACKAGE / "interfaces/web/profiles/locale",
    PACKAGE / "interfaces/web/placements/locale",
    PACKAGE / "interfaces/web/programmes/locale",
    PACKAGE / "interfaces/web/selection/locale",
    PACKAGE / "interfaces/web/founding/locale",
    PACKAGE / "interfaces/web/networking/locale",
    PACKAGE / "interfaces/web/exchange/locale",
    PACKAGE / "interfaces/web/accounts/locale",
    PACKAGE / "interfaces/web/selfcheck/locale",
    PACKAGE / "interfaces/web/offline/locale",
    PACKAGE / "interfaces/web/spaces/locale",
    PACKAGE / "interfaces/web/events/locale",
    PACKAGE / "interfaces/web/learning/locale",
]

STATIC_URL = "/static/"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": KHANEH_HOME / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if SITE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *environment.origin(TILE_URL)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "khaneh@localhost")
SMS_URL = os.environ.get("SMS_URL", "")  # a gateway for text messages; files in the home folder without it
SMS_OUTBOX = KHANEH_HOME / "outbox/sms"
globals().update(mail.django_settings(os.environ.get("EMAIL_URL", ""), outbox=KHANEH_HOME / "outbox"))

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("KHANEH_EMAIL_VERIFICATION", "optional")
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_ADAPTER = "khaneh.interfaces.web.accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "khaneh.interfaces.web.accounts.forms.NameAtSignUp"
ACCOUNT_USER_DISPLAY = "khaneh.interfaces.web.accounts.adapter.display_name"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Khaneh] "
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A key is an account: five wrong passwords lock it for some minutes, wherever they come from.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "signup": "20/m/ip"}
SOCIALACCOUNT_ADAPTER = "khaneh.interfaces.web.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
KHANEH_SIGN_UP_OPEN = os.environ.get("KHANEH_SIGN_UP", "open") != "closed"
MFA_TOTP_ISSUER = "Khaneh"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: telephones' clocks are not exact
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://localhost")
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": os.environ.get("OIDC_NAME", "OpenID Connect"),
                "client_id": os.environ["OIDC_CLIENT_ID"],
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": os.environ["OIDC_SERVER_URL"]},
            }
        ]
        if "OIDC_CLIENT_ID" in os.environ and "OIDC_SERVER_URL" in os.environ
        else []
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Attempts to sign in and used one-time codes: kept where every web process sees them, in a table that cannot grow without bound.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "khaneh.infrastructure.logs.LineFormatter"},
        "json": {"()": "khaneh.infrastructure.logs.JsonFormatter"},
    },
    "filters": {"jobs": {"()": "khaneh.infrastructure.logs.JobsThatPass"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["jobs"],
            "formatter": "json" if os.environ.get("KHANEH_LOG_FORMAT") == "json" else "line",
        }
    },
    "loggers": {
        # What they tell at every start interests nobody.
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
        # It tells of every step of every picture.
        "pyvips": {"level": "WARNING"},
        "_granian": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("KHANEH_LOG_LEVEL", "WARNING")},
}
