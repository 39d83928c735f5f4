"""What applying asks of the policies: its act, with the facts that rules may look at and the terms that they set.

The rules that hold for the whole network until somebody publishes others are in `default_rules.json`. What a call itself asks for (kinds,
region, sectors) comes as a fact each, so that a house may let somebody in who is near enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from khaneh.domains.network.types import HOUSE_KINDS, ORGANISATION_KINDS, SECTORS
from khaneh.domains.policies.types import ActType, FactType, LimitType, TermType
from khaneh.domains.programmes.types import PROGRAMME_KINDS
from khaneh.kernel.labels import Label

APPLY = "programmes.apply"
PERSON = "person"
RIGHTS: Mapping[str, Label] = {
    "admit_application": Label("Admit an application", "پذیرش استثنایی درخواست", "Chấp nhận hồ sơ ngoại lệ"),
}
_PERSON = Label("A person", "شخص", "Cá nhân")
_YEARS = Label("years", "سال", "tuổi")


def _kinds() -> Iterable[tuple[str, Label]]:
    return ((PERSON, _PERSON), *_listed(ORGANISATION_KINDS))


def _listed(labels: Mapping[Any, Label]) -> Iterable[tuple[str, Label]]:
    return tuple((str(code), label) for code, label in labels.items())


_FEWER = Label(
    "Withdraw one that you do not pursue any more",
    "درخواستی را که دیگر پی نمی‌گیرید پس بگیرید",
    "Rút một hồ sơ không theo đuổi nữa",
)
_ONE = Label(
    "Correct the one that was submitted instead", "به‌جای آن، درخواست ارسال‌شده را اصلاح کنید", "Hãy sửa hồ sơ đã nộp"
)
APPLYING = ActType(
    APPLY,
    Label("Apply to a call", "درخواست در فراخوان", "Nộp hồ sơ tham gia"),
    (
        FactType("applicant.kind", Label("Applicant", "متقاضی", "Người nộp"), "who", "choice", _kinds),
        FactType("applicant.sectors", Label("Sectors", "رسته‌ها", "Lĩnh vực"), "who", "set", lambda: _listed(SECTORS)),
        FactType("applicant.registered", Label("Has a registration number", "شمارهٔ ثبت دارد", "Có số đăng ký"), "who", "flag"),
        FactType("applicant.age", Label("Age", "سن", "Tuổi"), "who", "number", unit=_YEARS),
        FactType("applicant.decile", Label("Deprivation decile of the region", "دهک محرومیت منطقه", "Bậc khó khăn của địa bàn"), "who", "number", minimum=1),
        FactType("applicant.rural", Label("In a village", "در روستا", "Ở nông thôn"), "who", "flag"),
        FactType("applicant.applications", Label("Applications to this call", "درخواست‌ها در این فراخوان", "Số hồ sơ trong đợt này"), "who", "number"),
        FactType("applicant.running", Label("Applications under way in the network", "درخواست‌های در جریان در شبکه", "Số hồ sơ đang xét trong mạng lưới"), "who", "number"),
        FactType("applicant.accepted", Label("Times accepted in this programme", "پذیرش‌های پیشین در این برنامه", "Số lần đã được chọn trong chương trình"), "who", "number"),
        FactType("programme.kind", Label("Kind of programme", "نوع برنامه", "Loại chương trình"), "what", "choice", lambda: _listed(PROGRAMME_KINDS)),
        FactType("programme.code", Label("Programme", "برنامه", "Chương trình"), "what", "text"),
        FactType("call.kind_fits", Label("The call is for such applicants", "فراخوان برای چنین متقاضی است", "Đợt này dành cho đối tượng đó"), "what", "flag"),
        FactType("call.region_fits", Label("The call is for the region", "فراخوان برای این منطقه است", "Đợt này dành cho địa bàn đó"), "what", "flag"),
        FactType("call.sector_fits", Label("The call is for the sector", "فراخوان برای این رسته است", "Đợt này dành cho lĩnh vực đó"), "what", "flag"),
        FactType("house.kind", Label("Kind of house", "نوع خانه", "Loại cơ sở"), "where", "choice", lambda: _listed(HOUSE_KINDS)),
    ),
    (
        TermType("applications_max", Label("Applications to one call at most", "حداکثر درخواست در یک فراخوان", "Số hồ sơ tối đa mỗi đợt"), "number"),
        TermType("running_max", Label("Applications under way at most", "حداکثر درخواست در جریان", "Số hồ sơ đang xét tối đa"), "number"),
    ),
    (
        LimitType("applications_max", "applicant.applications", Label("Applications to this call", "درخواست‌ها در این فراخوان", "Số hồ sơ trong đợt này"), 1, _ONE, "admit_application"),
        LimitType("running_max", "applicant.running", Label("Applications under way", "درخواست‌های در جریان", "Số hồ sơ đang xét"), 1, _FEWER, "admit_application"),
    ),
    {"applications_max": 1, "running_max": 5},
    rights=RIGHTS,
)  # fmt: skip
