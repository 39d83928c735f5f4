"""Controlled lists of the exchange, with their words in three languages. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class PostingKind(StrEnum):
    """A technology that somebody looks for, or one that somebody has."""

    NEED = "need"
    OFFER = "offer"


POSTING_KINDS: Mapping[PostingKind, Label] = {
    PostingKind.NEED: Label("Need", "نیاز", "Nhu cầu"),
    PostingKind.OFFER: Label("Offer", "عرضه", "Chào công nghệ"),
}


class PostingState(StrEnum):
    """draft → submitted → reviewed → published → (needs alone) matched → in talks → agreed; closed | expired."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    MATCHED = "matched"
    IN_TALKS = "in_talks"
    AGREED = "agreed"
    CLOSED = "closed"
    EXPIRED = "expired"


POSTING_STATES: Mapping[PostingState, Label] = {
    PostingState.DRAFT: Label("Draft", "پیش‌نویس", "Bản nháp"),
    PostingState.SUBMITTED: Label("Waits for review", "در انتظار بررسی", "Chờ duyệt"),
    PostingState.REVIEWED: Label("Reviewed", "بررسی‌شده", "Đã duyệt"),
    PostingState.PUBLISHED: Label("Open", "باز", "Đang mở"),
    PostingState.MATCHED: Label("Partner found", "طرف پیدا شده", "Đã có đối tác"),
    PostingState.IN_TALKS: Label("In talks", "در گفت‌وگو", "Đang đàm phán"),
    PostingState.AGREED: Label("Agreed", "توافق‌شده", "Đã thỏa thuận"),
    PostingState.CLOSED: Label("Closed", "بسته", "Đã đóng"),
    PostingState.EXPIRED: Label("Expired", "مهلت‌گذشته", "Hết hạn"),
}
# What everybody finds; of these, those in which others can still say that they are interested.
PUBLIC = (PostingState.PUBLISHED, PostingState.MATCHED, PostingState.IN_TALKS, PostingState.AGREED)
OPEN = (PostingState.PUBLISHED, PostingState.MATCHED, PostingState.IN_TALKS)


class Partnership(StrEnum):
    """What somebody wants to do together."""

    PURCHASE = "purchase"
    LICENCE = "licence"
    DEVELOP = "develop"
    PILOT = "pilot"
    RESEARCH = "research"
    SERVICE = "service"
    INVEST = "invest"


PARTNERSHIPS: Mapping[Partnership, Label] = {
    Partnership.PURCHASE: Label("Buy and sell", "خرید و فروش", "Mua bán"),
    Partnership.LICENCE: Label("Licence", "واگذاری امتیاز", "Cấp phép sử dụng"),
    Partnership.DEVELOP: Label("Develop together", "توسعهٔ مشترک", "Cùng phát triển"),
    Partnership.PILOT: Label("Pilot", "اجرای آزمایشی", "Thí điểm"),
    Partnership.RESEARCH: Label("Research", "پژوهش", "Nghiên cứu"),
    Partnership.SERVICE: Label("Service", "خدمات", "Dịch vụ"),
    Partnership.INVEST: Label("Investment", "سرمایه‌گذاری", "Đầu tư"),
}


class ReviewVerdict(StrEnum):
    """What a broker decides on what was submitted."""

    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"


class ReviewReason(StrEnum):
    """Why something is returned or refused."""

    UNCLEAR = "unclear"
    PERSONAL_DATA = "personal_data"
    NOT_TECHNOLOGY = "not_technology"
    TWICE = "twice"
    ADVERTISING = "advertising"
    UNLAWFUL = "unlawful"


REVIEW_REASONS: Mapping[ReviewReason, Label] = {
    ReviewReason.UNCLEAR: Label("It is not clear what is wanted", "روشن نیست چه خواسته شده", "Chưa rõ cần gì"),
    ReviewReason.PERSONAL_DATA: Label(
        "It says who is behind it", "از متن پیداست چه کسی پشت آن است", "Nội dung để lộ ai đứng sau"
    ),
    ReviewReason.NOT_TECHNOLOGY: Label(
        "It is no question of technology", "موضوع آن فناوری نیست", "Không phải vấn đề công nghệ"
    ),
    ReviewReason.TWICE: Label("It is here already", "پیش‌تر ثبت شده است", "Đã có rồi"),
    ReviewReason.ADVERTISING: Label("Advertising", "تبلیغ است", "Quảng cáo"),
    ReviewReason.UNLAWFUL: Label("It may not be published", "انتشار آن مجاز نیست", "Không được phép đăng"),
}


class CloseReason(StrEnum):
    """Why something is looked for, or offered, no more."""

    SOLVED_HERE = "solved_here"
    SOLVED_ELSEWHERE = "solved_elsewhere"
    NOT_WANTED = "not_wanted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


CLOSE_REASONS: Mapping[CloseReason, Label] = {
    CloseReason.SOLVED_HERE: Label("Solved by an agreement here", "با توافقی در همین‌جا حل شد", "Đã giải quyết tại đây"),
    CloseReason.SOLVED_ELSEWHERE: Label("Solved elsewhere", "جای دیگری حل شد", "Đã giải quyết ở nơi khác"),
    CloseReason.NOT_WANTED: Label("Not wanted any more", "دیگر لازم نیست", "Không còn cần"),
    CloseReason.REFUSED: Label("Refused in review", "در بررسی رد شد", "Bị từ chối khi duyệt"),
    CloseReason.WITHDRAWN: Label("Its organisation has withdrawn", "سازمانش کناره گرفت", "Tổ chức đã rút lui"),
}
# What its owner may say; the others follow from something.
CLOSING = (CloseReason.SOLVED_HERE, CloseReason.SOLVED_ELSEWHERE, CloseReason.NOT_WANTED)


class MatchState(StrEnum):
    """invited → interested → introduced → in talks → agreed; any before agreed → ended."""

    INVITED = "invited"
    INTERESTED = "interested"
    INTRODUCED = "introduced"
    IN_TALKS = "in_talks"
    AGREED = "agreed"
    ENDED = "ended"


MATCH_STATES: Mapping[MatchState, Label] = {
    MatchState.INVITED: Label("Asked by the broker", "کارگزار پرسیده است", "Nhà môi giới đã hỏi"),
    MatchState.INTERESTED: Label("Interested", "علاقه‌مند", "Quan tâm"),
    MatchState.INTRODUCED: Label("Introduced", "معرفی‌شده", "Đã giới thiệu"),
    MatchState.IN_TALKS: Label("In talks", "در گفت‌وگو", "Đang đàm phán"),
    MatchState.AGREED: Label("Agreed", "توافق‌شده", "Đã thỏa thuận"),
    MatchState.ENDED: Label("Ended", "پایان‌یافته", "Đã kết thúc"),
}
ALIVE = (MatchState.INVITED, MatchState.INTERESTED, MatchState.INTRODUCED, MatchState.IN_TALKS)
# From here on both sides know one another.
KNOWN = (MatchState.INTRODUCED, MatchState.IN_TALKS, MatchState.AGREED)


class EndReason(StrEnum):
    """Why nothing came of a match."""

    PARTNER = "partner"
    OWNER = "owner"
    BROKER = "broker"
    NO_ANSWER = "no_answer"
    OTHER_AGREED = "other_agreed"
    CLOSED = "closed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


END_REASONS: Mapping[EndReason, Label] = {
    EndReason.PARTNER: Label("The company does not want to", "شرکت نخواست", "Bên có công nghệ không muốn"),
    EndReason.OWNER: Label("Whoever needs it chose not to", "صاحب نیاز نخواست", "Bên có nhu cầu không chọn"),
    EndReason.BROKER: Label("The broker saw no fit", "کارگزار مناسب ندید", "Nhà môi giới thấy không phù hợp"),
    EndReason.NO_ANSWER: Label("No answer came", "پاسخی نیامد", "Không có trả lời"),
    EndReason.OTHER_AGREED: Label("Agreed with another", "با دیگری توافق شد", "Đã thỏa thuận với bên khác"),
    EndReason.CLOSED: Label("It is not looked for any more", "دیگر در جست‌وجوی آن نیستند", "Không còn tìm nữa"),
    EndReason.EXPIRED: Label("Its time was over", "مهلتش گذشت", "Đã hết hạn"),
    EndReason.WITHDRAWN: Label("The organisation has withdrawn", "سازمان کناره گرفت", "Tổ chức đã rút lui"),
}


class Side(StrEnum):
    """Whose word it is."""

    OWNER = "owner"
    PARTNER = "partner"
    BROKER = "broker"


SIDES: Mapping[Side, Label] = {
    Side.OWNER: Label("Who needs it", "صاحب نیاز", "Bên có nhu cầu"),
    Side.PARTNER: Label("Who offers it", "صاحب فناوری", "Bên có công nghệ"),
    Side.BROKER: Label("Broker", "کارگزار", "Nhà môi giới"),
}


class OutcomeKind(StrEnum):
    """What came of an agreement."""

    IN_USE = "in_use"
    PILOT_DONE = "pilot_done"
    BEING_BUILT = "being_built"
    NO_RESULT = "no_result"


OUTCOME_KINDS: Mapping[OutcomeKind, Label] = {
    OutcomeKind.IN_USE: Label("In use", "در حال بهره‌برداری", "Đang được sử dụng"),
    OutcomeKind.PILOT_DONE: Label("Pilot finished", "اجرای آزمایشی پایان یافت", "Đã xong thí điểm"),
    OutcomeKind.BEING_BUILT: Label("Being built", "در حال ساخت", "Đang phát triển"),
    OutcomeKind.NO_RESULT: Label("Nothing came of it", "به نتیجه نرسید", "Không có kết quả"),
}

# Texts of a posting, in the order in which the form asks for them; what each is called for a need and for an offer.
PARTS = ("problem", "context", "limits", "technology")
PART_NAMES: Mapping[PostingKind, Mapping[str, Label]] = {
    PostingKind.NEED: {
        "problem": Label("The problem", "مسئله", "Vấn đề"),
        "context": Label("Where and how it shows", "کجا و چگونه پیش می‌آید", "Bối cảnh"),
        "limits": Label("What has to be kept to", "محدودیت‌ها", "Ràng buộc"),
        "technology": Label("The technology wanted", "فناوری خواسته‌شده", "Công nghệ mong muốn"),
    },
    PostingKind.OFFER: {
        "problem": Label("What it solves", "چه مسئله‌ای را حل می‌کند", "Giải quyết vấn đề gì"),
        "context": Label("Where it has been used", "کجا به کار رفته است", "Đã dùng ở đâu"),
        "limits": Label("What it asks for", "چه شرایطی می‌خواهد", "Điều kiện cần có"),
        "technology": Label("The technology", "فناوری", "Công nghệ"),
    },
}


class ProposedKind(StrEnum):
    """What can be proposed for a need."""

    ORGANISATION = "organisation"
    OFFER = "offer"
    MENTOR = "mentor"
    MACHINE = "machine"
    COURSE = "course"
    RECORD = "record"


PROPOSED_KINDS: Mapping[ProposedKind, Label] = {
    ProposedKind.ORGANISATION: Label("Company", "شرکت", "Doanh nghiệp"),
    ProposedKind.OFFER: Label("Offer", "عرضه", "Chào công nghệ"),
    ProposedKind.MENTOR: Label("Mentor", "راهنما", "Cố vấn"),
    ProposedKind.MACHINE: Label("Machine", "دستگاه", "Máy"),
    ProposedKind.COURSE: Label("Course", "دوره", "Khóa học"),
    ProposedKind.RECORD: Label("Book or article", "کتاب یا مقاله", "Sách hoặc bài viết"),
}
