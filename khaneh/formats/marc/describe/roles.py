"""Relators: the word or code that says what somebody did, as a MARC relator code. Also names written in direct order with role words."""

from __future__ import annotations

import re
from unicodedata import normalize

# Words met in 100/700 $e and in statements of responsibility, folded to lower case without final full stop.
TERMS: dict[str, str] = {
    "author": "aut", "joint author": "aut", "creator": "cre", "editor": "edt", "ed": "edt", "joint editor": "edt",
    "editor of compilation": "edt", "translator": "trl", "tr": "trl", "joint translator": "trl", "illustrator": "ill", "ill": "ill",
    "compiler": "com", "comp": "com", "joint compiler": "com", "corrector": "crr", "publisher": "pbl", "printer": "prt", "composer": "cmp", "narrator": "nrt",
    "photographer": "pht", "writer of introduction": "win", "writer of added commentary": "wac", "commentator": "cmm",
    "commentator for written text": "cwt", "artist": "art", "performer": "prf", "director": "drt", "film director": "fmd", "film producer": "fmp",
    "dedicatee": "dte", "former owner": "fmo", "issuing body": "isb", "sponsor": "spn", "annotator": "ann", "calligrapher": "cll",
    "scribe": "scr", "adapter": "adp", "abridger": "abr", "lyricist": "lyr", "librettist": "lbt", "conductor": "cnd", "singer": "sng",
    "cartographer": "ctg", "degree supervisor": "ths", "thesis advisor": "ths", "degree granting institution": "dgg", "host institution": "his",
    "writer of preface": "wpr", "author of introduction": "aui", "proofreader": "pfr", "designer": "dsr", "book designer": "bkd",
    # Arabic and Persian
    "مؤلف": "aut", "مولف": "aut", "نویسنده": "aut", "پدیدآور": "aut", "شاعر": "aut", "محرر": "edt", "ویراستار": "edt", "محقق": "edt",
    "مصحح": "crr", "مترجم": "trl", "مترجمه": "trl", "گردآورنده": "com", "جامع": "com", "تصویرگر": "ill", "رسام": "ill", "شارح": "cmm",
    "مقدمه‌نویس": "win", "مقدم": "win", "خوشنویس": "cll", "خطاط": "cll", "ناشر": "pbl",
    # Vietnamese
    "tác giả": "aut", "chủ biên": "edt", "hiệu đính": "crr", "dịch": "trl", "người dịch": "trl", "dịch giả": "trl", "biên dịch": "trl",
    "biên soạn": "com", "sưu tầm": "com", "tuyển chọn": "com", "minh họa": "ill", "minh hoạ": "ill", "giới thiệu": "win", "lược dịch": "trl",
    "biên tập": "edt", "soạn": "com", "tổng hợp": "com", "phiên dịch": "trl", "vẽ": "ill", "hướng dẫn": "ths", "cb": "edt", "đồng chủ biên": "edt",
}  # fmt: skip

# UNIMARC relator codes (Appendix C) and their MARC21 equivalents.
UNIMARC: dict[str, str] = {
    "005": "act", "010": "adp", "020": "ann", "030": "arr", "040": "art", "060": "asn", "065": "auc", "070": "aut", "075": "aft", "080": "win",
    "100": "ant", "110": "bnd", "130": "bkd", "160": "bsl", "170": "cll", "180": "ctg", "190": "cns", "205": "clb", "210": "cmm", "220": "com",
    "230": "cmp", "240": "cmt", "245": "ccp", "250": "cnd", "280": "dte", "290": "dto", "295": "dgg", "300": "drt", "305": "dis",
    "310": "dst", "320": "dnr", "330": "dub", "340": "edt", "360": "etr", "370": "flm", "390": "fmo", "400": "fnd", "410": "grt", "420": "hnr",
    "430": "ilu", "440": "ill", "460": "ive", "470": "ivr", "480": "lbt", "510": "ltg", "520": "lyr", "545": "mus", "550": "nrt",
    "570": "oth", "590": "prf", "600": "pht", "610": "prt", "630": "pro", "640": "pfr", "650": "pbl", "651": "pbd", "660": "rcp", "670": "rce",
    "673": "rth", "675": "rev", "695": "sad", "700": "scr", "705": "scl", "710": "sec", "720": "sgn", "721": "sng", "723": "spn", "725": "stn",
    "727": "ths", "730": "trl", "740": "tyd", "755": "voc", "760": "wde", "770": "wam",
}  # fmt: skip

_SPLIT = re.compile(r"\s*;\s*|\s+&\s+|\s+and\s+|\s+và\s+|\s+و\s+(?=\S+\s\S)")
_COMMA = re.compile(r"\s*[,،]\s*")
_ANY_TERM = "|".join(re.escape(term) for term in sorted(TERMS, key=len, reverse=True) if len(term) > 2)
_ROLE_AFTER = re.compile(rf"^(.{{4,}}?)[\s(:.]+({_ANY_TERM})[\s.)]*$", re.IGNORECASE)
_ROLE_BEFORE = re.compile(rf"^({_ANY_TERM})\s*:\s*(.+)$", re.IGNORECASE)
_ET_AL = re.compile(
    r"[\s,.…]*\[?\s*(?:\.{2,}|…|et al|v\.v|và những người khác|và các tác giả khác|và người khác|و دیگران|وآخرون)[\s.\]…]*$",
    re.IGNORECASE,
)
# What clerks write where there is no author.
_NOBODY = frozenset(
    (
        "không có",
        "ko",
        "k",
        "không",
        "nhiều tác giả",
        "khuyết danh",
        "n/a",
        "none",
        "anonymous",
        "various",
        "-",
        "بی‌نام",
        "ناشناس",
    )
)
_STANDARD = re.compile(
    r"^(TCVN|QCVN|TCXDVN|TCXD|TCN|ISO(?:/IEC)?|IEC|ASTM|BS|DIN|JIS|GOST|ISIRI)\b[\s.:-]*(\S*\d.*)$", re.IGNORECASE
)


def code_of(term: str) -> str:
    """The relator code of a term or of a code given as a URI, or ""."""
    term = term.strip(" .,،;[]()").lower()
    if not term:
        return ""
    if "/" in term:
        term = term.rsplit("/", 1)[1]
    if len(term) == 3 and term.isascii() and term.isalpha():
        return term
    return TERMS.get(term, "")


def standard_number(name: str) -> str:
    """A standards body's number where a name was expected ("TCVN 5830 : 1999" -> "TCVN 5830:1999"), or ""."""
    found = _STANDARD.match(name)
    if not found:
        return ""
    number = re.sub(r"\s*([:/-])\s*", r"\1", found.group(2).strip())
    return f"{found.group(1).upper()} {number}"


def direct_names(text: str) -> list[tuple[str, str]]:
    """Names in direct order that share one field, each with its relator code or "".

    "Lưu Dũng, chủ biên; Khánh Bình, Hồng Sơn, hiệu đính" -> three names, edt crr crr. A part of one word ("Abbott, Jacob") means
    an inverted heading, which stays whole.
    """
    names: list[tuple[str, str]] = []
    if not text.isascii():
        text = normalize("NFC", text)  # role words are compared; old Vietnamese lists hold decomposed letters
    for group in _SPLIT.split(_ET_AL.sub("", text)):
        role = ""
        pending: list[str] = []
        parts = [part for part in _COMMA.split(group.strip(" .,،;")) if part]
        inverted = any(" " not in part and part.lower().strip(" .()") not in TERMS for part in parts)
        if inverted and len(parts) > 1:
            whole = ", ".join(part for part in parts if part.lower().strip(" .()") not in TERMS)
            role = next((TERMS[p.lower().strip(" .()")] for p in parts if p.lower().strip(" .()") in TERMS), "")
            names.append((whole, role))
            continue
        for part in parts:
            code = TERMS.get(part.lower().strip(" .()"), "")
            if code:
                names.extend((name, code) for name in pending)
                pending = []
                continue
            pending.append(_without_role(part, names))
        names.extend((name, "") for name in pending)
    return [(name, role) for name, role in names if name and name.lower() not in _NOBODY]


def _without_role(part: str, names: list[tuple[str, str]]) -> str:
    """The name in "Trần Văn A dịch" or "Nguyễn B (chủ biên)"; with its role it goes straight to `names` and "" comes back."""
    if part.istitle():
        return part  # every word begins with a capital: no role word in it
    found = _ROLE_AFTER.match(part)
    if found:
        names.append((found.group(1).rstrip(" (:."), TERMS[found.group(2).lower()]))
        return ""
    found = _ROLE_BEFORE.match(part)
    if found:
        names.append((found.group(2), TERMS[found.group(1).lower()]))
        return ""
    return part
