"""Dumps of pages for the layout tests: a clean story wrapped in the furniture of made-up outlets.

Each style is a way in which a site prints its menus, strips, boxes, lists and imprint, and in which a dump keeps or
loses empty lines. ``wrap`` gives the lines and, for each, whether it belongs to the story; ``None`` is "not judged".
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

Line = tuple[str, bool | None]
POINTER = re.compile(r"^(?:xem thêm|đọc thêm|>|theo |ảnh|video|clip|đồ ho|nguồn|nhóm )", re.IGNORECASE)


@dataclass(frozen=True)
class Story:
    """A clean story: headline, lead, body, captions; ``others`` are titles and leads of other stories."""

    headline: str
    lead: str
    body: tuple[str, ...]
    captions: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


def story_of(text: str, others: tuple[tuple[str, str], ...]) -> Story | None:
    """A story from a clean text of the form headline, lead, body, captions, parted by empty lines."""
    parts = [p.split("\n") for p in re.split(r"\n\s*\n", text.strip("\n")) if p.strip()]
    if len(parts) < 3 or len(parts[2]) < 4:
        return None
    captions = tuple(line.strip() for p in parts[3:] for line in p)
    body = [line.strip() for line in parts[2] if line.strip() not in captions]
    while body and (len(body[-1]) < 45 and body[-1][-1] not in '.?!”"'):
        body.pop()
    body = [line for line in body if not POINTER.match(line) and len(line) > 8]
    if len(body) < 3:
        return None
    return Story(parts[0][0].strip(), parts[1][0].strip(), tuple(body), captions, others)


def paragraphs(body: tuple[str, ...], size: int) -> list[str]:
    """The body's lines joined by ``size``, as a site's paragraphs hold several sentences."""
    return [" ".join(body[i : i + size]) for i in range(0, len(body), size)]


def out(*lines: str) -> list[Line]:
    return [(line, False) for line in lines]


def told(*lines: str) -> list[Line]:
    return [(line, True) for line in lines]


def spaced(lines: list[Line]) -> list[Line]:
    """An empty line after each line, as some dumps print."""
    return [row for line in lines for row in (line, ("", None))]


def city_daily(story: Story, rng: random.Random) -> list[Line]:
    """One menu item a line, a strip of hot titles, comments at the end, no empty lines."""
    hot, near, read = story.others[:4], story.others[4:6], story.others[6:12]
    body = paragraphs(story.body, 2)
    middle = len(body) // 2
    return [
        *out(
            f"{story.headline} - Báo Sông Lam",
            "Trang chủ",
            "Thời sự",
            "Chính trị",
            "Kinh tế",
            "Văn hóa",
            "Giáo dục",
        ),
        *out("Y tế", "Pháp luật", "Thể thao", "Quốc tế", "Đăng nhập", "Thứ Hai, 06/05/2024", "Tin nóng"),
        *out(*(title for title, _ in hot), "Trang chủ › Thời sự"),
        *told(story.headline),
        *out("Minh Khuê - 26/04/2024 10:15", "Chia sẻ Facebook", "Zalo", "Google News"),
        *told(story.lead),
        *out(*(title for title, _ in near)),
        *told(*body[:middle]),
        *[(f"{c} Ảnh: Minh Khuê", False) for c in story.captions[:1]],
        *told(*body[middle:]),
        *out("Minh Khuê", "Tags:", "hợp tác", "Điện Biên", "Bình luận (2)", "Gửi bình luận", "Lê Thị Mai"),
        *out(
            "Bài viết rất hay, mong hai địa phương tiếp tục giúp nhau làm được nhiều việc hơn nữa cho bà con vùng cao."
        ),
        *out("Trả lời", "2 giờ trước", "Tin cùng chuyên mục", *(title for title, _ in read), "Đọc nhiều"),
        *out(*(f"{n}. {title}" for n, (title, _) in enumerate(read[:4], 1))),
        *out("Báo Sông Lam", "Cơ quan chủ quản: Tỉnh ủy", "Tổng biên tập: Nguyễn Văn Bình"),
        *out(
            "Giấy phép số 123/GP-BTTTT do Bộ Thông tin và Truyền thông cấp ngày 01/02/2021",
            "Điện thoại: 0238 3844 455",
        ),
        *out("© Bản quyền thuộc về Báo Sông Lam. Ghi rõ nguồn khi phát hành lại thông tin từ trang này."),
    ]


def labour_paper(story: Story, rng: random.Random) -> list[Line]:
    """Little at the head; teasers whose titles stand twice, each with its lead; empty lines between."""
    body = paragraphs(story.body, 2)
    lines = [*out("-->"), *told(story.headline), *told(story.lead)]
    lines += out(f"{story.others[0][0]} {story.others[1][0]}")
    cut = len(body) // 2
    lines += told(*body[:cut])
    if story.captions:
        lines += [(story.headline, True), (story.captions[0], False)]
    lines += told(*body[cut:])
    lines += out("Quang Huy", "Có thể bạn quan tâm", "Nên xem")
    for title, lead in story.others[2:9]:
        lines += out(title, title, lead)
    lines += out("Tin khác")
    for title, lead in story.others[9:12]:
        lines += out(title, title, lead)
    return spaced([*lines, *out("Xem thêm", "Phiên bản di động")])


def province_portal(story: Story, rng: random.Random) -> list[Line]:
    """A provincial portal: links in one line, font tools, lists with dates, a long imprint."""
    return [
        *out(
            "CỔNG THÔNG TIN ĐIỆN TỬ TỈNH",
            "Trang chủ | Giới thiệu | Tin tức | Văn bản | Dịch vụ công | Liên hệ",
        ),
        *out("Thứ ba, ngày 07/05/2024", "Tìm kiếm", "Trang chủ » Tin tức » Tin trong tỉnh"),
        *told(story.headline),
        *out("Thứ sáu - 26/04/2024 09:20", "Xem với cỡ chữ", "A- A A+", "Đọc bài viết"),
        *told(story.lead, *story.body),
        *out("Tác giả: Lò Văn Chung", "Lượt xem: 1.204", "Các tin khác"),
        *out(*(f"{title} (25/04/2024)" for title, _ in story.others[:6])),
        *out(
            "Trang trước",
            "Trang sau",
            "Về đầu trang",
            "Liên kết website",
            "Thống kê truy cập",
            "Đang truy cập: 42",
        ),
        *out(
            "Cơ quan quản lý: Văn phòng Ủy ban nhân dân tỉnh", "Chịu trách nhiệm chính: Ông Trần Công Chính"
        ),
        *out(
            "Địa chỉ: Phường Mường Thanh, tỉnh Điện Biên; Điện thoại: 0215.3825.409; Email: vanphong@example.gov.vn"
        ),
        *out("Ghi rõ nguồn khi sử dụng lại thông tin trên website này."),
    ]


def mobile_paper(story: Story, rng: random.Random) -> list[Line]:
    """A phone page: few menu lines, a box of related titles inside the story, comments of several lines."""
    body = list(story.body)
    third = max(2, len(body) // 3)
    return [
        *out("Báo Bản Làng", "Menu", "Thứ Sáu, 26/04/2024 | 10:15 GMT+7", "Xã hội"),
        *told(story.headline, story.lead),
        ("", None),
        *told(*body[:third]),
        *out("Tin liên quan", story.others[0][0], story.others[1][0]),
        *told(*body[third:]),
        *out("Hải Đăng", "Từ khóa:", "Hà Nội", "an sinh xã hội", "Chia sẻ", "Ý kiến bạn đọc (3)"),
        *out(
            "Hoàng Văn Tú",
            "Tôi thấy việc này rất thiết thực, đề nghị các huyện khác cũng nên học cách làm của huyện này.",
        ),
        *out("Thích", "Trả lời", "Vàng A Páo"),
        *out(
            "Bà con ở bản tôi còn khó khăn, mong các cấp quan tâm làm đường vào bản để các cháu đi học cho đỡ vất vả."
        ),
        *out(
            "Thích",
            "Trả lời",
            "Xem thêm bình luận",
            "Đọc nhiều nhất",
            *(title for title, _ in story.others[2:8]),
        ),
        *out("Hotline: 0912 345 678", "Bản quyền © 2024 Báo Bản Làng", "Bản đầy đủ"),
    ]


def picture_paper(story: Story, rng: random.Random) -> list[Line]:
    """Captions with credits inside the story, pointers to other stories, a byline with its source."""
    body = paragraphs(story.body, 3)
    lines: list[Line] = out(
        "VĂN HÓA", "KINH TẾ", "XÃ HỘI", "DU LỊCH", "E-MAGAZINE", "Cập nhật lúc: 14:05, 26/04/2024"
    )
    lines += told(story.headline, story.lead)
    for n, paragraph in enumerate(body):
        lines += told(paragraph)
        if n < len(story.captions):
            lines += out(f"{story.captions[n].rstrip('.')}. (Ảnh: Đức Thuận)")
        if n == 1:
            lines += out(f"Xem thêm: {story.others[0][0]}", f">> {story.others[1][0]}")
    lines += out("Theo TTXVN", "Link bài gốc", "Copy link", "Tin mới nhất")
    for title, _ in story.others[2:9]:
        lines += out(title, f"{rng.randint(1, 20)} giờ trước")
    return [*lines, *out("Liên hệ quảng cáo: 0243 999 8888", "® Giữ bản quyền nội dung trên website này")]


def lead_strip(story: Story, rng: random.Random) -> list[Line]:
    """Teasers with single titles and leads at the end, related titles under the lead, empty lines kept."""
    body = paragraphs(story.body, 2)
    lines: list[Line] = [*out("Trang nhất", "Chính trị", "Xây dựng Đảng"), *told(story.headline)]
    lines += out("26/04/2024 - 07:30", "Nghe đọc bài", "Giọng nữ") + told(story.lead)
    lines += out("Tin liên quan", story.others[0][0], story.others[1][0]) + told(*body)
    lines += out("PV/Báo Nà Pheo", "Cùng chuyên mục")
    for title, lead in story.others[2:8]:
        lines += out(title, lead)
    return spaced([*lines, *out("Tòa soạn: Số 5 phố Thanh Bình", "Tổng Biên tập: Hà Thị Lan", "RSS")])


def capital_paper(story: Story, rng: random.Random) -> list[Line]:
    """Teasers between lead and body with the title twice in one line and a lead under it; empty lines here and there."""
    body = paragraphs(story.body, 2)
    lines: list[Line] = out("Trang chủ Thời sự Tin trong nước", "10:15 | 26/04/2024 GMT+7") + told(
        story.headline
    )
    lines += out("aa") + told(story.lead)
    for title, lead in story.others[:2]:
        lines += out(f"{title} {title}", lead)
    for n, paragraph in enumerate(body):
        lines += [("", None), (paragraph, True)]
        if n < len(story.captions):
            lines += [("", None), (story.headline, True), (story.captions[n], False)]
    lines += [
        ("", None),
        *out("Thanh Tùng", "Đường dẫn bài viết: https://example.vn/bai-viet-1234.html", "In bài viết"),
    ]
    lines += out("Có thể bạn quan tâm")
    for title, lead in story.others[2:8]:
        lines += [("", None), *out(title), ("", None), *out(title), ("", None), *out(lead)]
    return [*lines, *out("Tin bài khác", "Xem thêm", "Phiên bản di động")]


def bare_wall(story: Story, rng: random.Random) -> list[Line]:
    """Held out: section names run together in lines, no day, no byline, a list of titles without any heading."""
    return [
        *out("Thời sự Kinh tế Xã hội Văn hóa Thể thao Pháp luật Quốc tế Video", "Hotline 0909 123 456"),
        *told(story.headline, story.lead, *paragraphs(story.body, 2)),
        *out(*(title for title, _ in story.others[:9]), "Trở lại", "Về trang chủ", "Copyright 2024"),
    ]


def youth_weekly(story: Story, rng: random.Random) -> list[Line]:
    """Held out: page title, big strip before the story with its own leads, teasers without doubled titles or heading."""
    body = paragraphs(story.body, 2)
    lines: list[Line] = out(
        f"{story.headline} | Tuần san Mây Trắng", "Đọc báo in", "Podcast", "Giới trẻ", "Nhịp sống"
    )
    lines += out("Mới nhất", *(title for title, _ in story.others[:5]), "Giới trẻ", "Thế giới trẻ")
    lines += told(story.headline) + out("27/4/2024 06:00 GMT+7", "THU HÀ", "Lưu bài", "Bình luận", "Tặng sao")
    lines += told(story.lead, *body) + out("Theo dõi Tuần san Mây Trắng trên Google News", "THU HÀ")
    for title, lead in story.others[5:11]:
        lines += out(title, lead)
    return [*lines, *out("Tuần san Mây Trắng", "Phụ trách: Đỗ Quốc Bảo", "Email: toasoan@example.vn")]


def radio_site(story: Story, rng: random.Random) -> list[Line]:
    """Held out: share tools above the headline, story parted by empty lines, lists with dates under each title."""
    body = paragraphs(story.body, 2)
    lines: list[Line] = out(
        "Đài Phát thanh - Truyền hình Mường Khương", "Truyền hình trực tuyến", "Phát thanh", "THỜI SỰ"
    )
    lines += out("Facebook", "Twitter", "In trang", "Gửi email") + told(story.headline)
    lines += out("Ngày đăng: 26/04/2024 - Lượt xem: 350") + told(story.lead, *body)
    lines += out("Tin, ảnh: Giàng A Sử", "Tin mới hơn")
    for title, _ in story.others[:4]:
        lines += out(title, "27/04/2024 08:10")
    lines += out("Tin cũ hơn")
    for title, _ in story.others[4:8]:
        lines += out(title, "25/04/2024 15:40")
    lines += out(
        "Thăm dò ý kiến", "Bạn thấy giao diện trang này thế nào?", "Rất đẹp", "Bình thường", "Biểu quyết"
    )
    return spaced(
        [*lines, *out("Giấy phép số 55/GP-STTTT", "Giám đốc: Thào Seo Lử", "Tổng lượt truy cập: 2.334.901")]
    )


STYLES: dict[str, Callable[[Story, random.Random], list[Line]]] = {
    style.__name__: style
    for style in (
        city_daily,
        labour_paper,
        province_portal,
        mobile_paper,
        picture_paper,
        lead_strip,
        capital_paper,
        bare_wall,
        youth_weekly,
        radio_site,
    )
}
HELD_OUT = ("bare_wall", "youth_weekly", "radio_site")
