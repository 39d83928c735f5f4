"""Every component in three languages and both themes, with rows that exist nowhere else. For those who build pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.interfaces.web import covers, reader

_BOOKS = (
    ("شاهنامه", "ابوالقاسم فردوسی", "per"),
    ("بوف کور", "صادق هدایت", "per"),
    ("سووشون", "سیمین دانشور", "per"),
    ("دیوان حافظ", "شمس‌الدین محمد حافظ", "per"),
    ("تاریخ بیهقی", "ابوالفضل بیهقی", "per"),
    ("الأيام", "طه حسين", "ara"),
    ("Truyện Kiều", "Nguyễn Du", "vie"),
    ("Số đỏ", "Vũ Trọng Phụng", "vie"),
    ("Nhật ký trong tù", "Hồ Chí Minh", "vie"),
    ("Đất rừng phương Nam", "Đoàn Giỏi", "vie"),
    ("Dế Mèn phiêu lưu ký", "Tô Hoài", "vie"),
    ("A History of Reading", "Alberto Manguel", "eng"),
    ("Middlemarch", "George Eliot", "eng"),
    ("The conference of the birds and other journeys of the medieval imagination", "Farid al-Din Attar", "eng"),
)


class _SampleForm(forms.Form):
    name = forms.CharField(widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}))
    email = forms.EmailField(widget=forms.EmailInput(attrs={"class": "input"}))
    house = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "select"}))


def _form(prefix: str) -> _SampleForm:
    form = _SampleForm({"name": "", "email": "nobody@"}, auto_id=f"{prefix}-%s")
    form.fields["name"].label, form.fields["email"].label = _("Name"), _("E-mail address")
    form.fields["house"].label, form.fields["house"].help_text = _("House"), _("Distances are counted from it.")
    form.fields["house"].choices = [("", "Nghệ An"), ("1", "یزد")]  # type: ignore[attr-defined]
    form.full_clean()
    return form


def _specimen(request: HttpRequest, language: str, theme: str) -> dict[str, str]:
    with translation.override(language), reader.reading(reader.Reader(language=language, theme=theme)):
        key = f"{language}-{theme}"
        context: dict[str, Any] = {
            "key": key,
            "reader": reader.current(),
            "languages": reader.LANGUAGES,
            "here": request.path,
            "form": _form(key),
            "books": _BOOKS,
            "designs": [
                covers.cover(*_BOOKS[number % len(_BOOKS)])._replace(design=number % covers.DESIGNS, ink=number)
                for number in range(covers.INKS)
            ],
            "crumbs": [(_("Home"), "/"), (_("Houses"), "/houses"), ("Thư viện tỉnh Nghệ An", "")],
        }
        html = render_to_string("web/design/specimen.html", context, request=None)
    return {"language": language, "theme": theme, "html": html, "direction": "rtl" if language == "fa" else "ltr"}


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Six specimens, or those that `?only=fa-dark` names."""
    only = request.GET.get("only", "")
    wanted = [
        (lang, theme) for lang in reader.LANGUAGES for theme in ("light", "dark") if only in {"", f"{lang}-{theme}"}
    ]
    specimens = [_specimen(request, language, theme) for language, theme in wanted]
    return render(request, "web/design/index.html", {"specimens": specimens})
