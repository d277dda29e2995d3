"""Sentences of our own that the encodings are tried on."""

SENTENCES = (
    "Thành phố Hà Nội hỗ trợ tỉnh Điện Biên 65 tỷ đồng xây dựng Trường Trung học phổ thông Mường Nhé.",
    "ĐẢNG BỘ, CHÍNH QUYỀN VÀ NHÂN DÂN HAI ĐỊA PHƯƠNG KÝ THỎA THUẬN HỢP TÁC GIAI ĐOẠN 2021 - 2025.",
    "Ủy ban nhân dân huyện Tủa Chùa đề nghị sửa chữa, nâng cấp đường vào xã Sính Phình dài 12,5 km.",
    "Ông Lò Văn Phương, Phó Chủ tịch UBND tỉnh, cảm ơn sự giúp đỡ quý báu của Thủ đô trong những năm qua.",
    "Đoàn công tác trao 200 suất quà, mỗi suất trị giá 1.000.000 đồng, cho các gia đình chính sách.",
    "Sở Giáo dục và Đào tạo tiếp nhận 120 bộ máy vi tính; Sở Y tế nhận hai xe cứu thương.",
    "Ở Ẳng Cang, ở Ăng Tở, người Mông, người Thái, người Khơ Mú giữ nghề dệt thổ cẩm, rèn, đúc lưỡi cày.",
    "Kế hoạch năm tới: tổ chức mười lớp tập huấn kỹ thuật trồng mắc ca, cà phê, chè Shan tuyết.",
    "Bà Quàng Thị Hương nói rằng nước sạch đã về bản, trẻ em được đến trường, đường sá đỡ lầy lội hơn trước.",
    "Tuần lễ hàng nông sản, đặc sản vùng cao mở tại quận Hoàn Kiếm từ ngày mồng 5 đến ngày 12 tháng Chạp.",
    "Khoản vay ưu đãi được giải ngân làm ba đợt; phần còn thiếu ngân sách tỉnh sẽ bố trí vào quý sau.",
    "Nghĩa trang liệt sĩ A1, tượng đài Chiến thắng và cầu Thanh Bình được tu bổ từ nguồn xã hội hóa.",
)
ALL_LETTERS = "".join(
    c + c.upper() for c in "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
)
