"""Administrative units in time and names to places (địa bàn)."""
