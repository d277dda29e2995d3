"""Maps of provinces (bản đồ các tỉnh, thành phố): outlines, steps of shade, an SVG, and a table that says the same."""
