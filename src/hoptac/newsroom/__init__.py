"""The news room (phòng tin): the sides' own reports, their photos, and what readers say is wrong."""
