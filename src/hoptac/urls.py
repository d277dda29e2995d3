"""Every address of the program (sơ đồ địa chỉ). Sign-up and e-mail pages of allauth are left out: officers are made by an administrator."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path
from django.views.i18n import set_language

from hoptac.api.root import api

handler400 = "hoptac.screens.errors.bad_request"
handler403 = "hoptac.screens.errors.forbidden"
handler404 = "hoptac.screens.errors.not_found"
handler500 = "hoptac.screens.errors.server_error"

urlpatterns = [
    path("data/", include("hoptac.portal.opendata_urls")),
    path("", include("hoptac.portal.urls")),
    path("desk/", include("hoptac.newsroom.urls")),
    path("desk/reviews/", include("hoptac.review.urls")),
    path("desk/", include("hoptac.desk.urls")),
    path("api/v1/", api.urls),
    path("language/", set_language, name="set_language"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
