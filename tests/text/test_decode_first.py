from hoptac.text.decode import decode


def test_old_encodings_read_the_same() -> None:
    for data in ("Hµ Néi, §iÖn Biªn".encode("cp1252"), "Haø Noäi, Ñieän Bieân".encode("cp1252"), "Hà Nội, Điện Biên".encode()):
        assert decode(data).text == "Hà Nội, Điện Biên"
