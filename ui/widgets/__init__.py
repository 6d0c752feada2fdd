"""The parts every page is made of: fields, forms, panels, row lists, badges, and how ages and money are written."""
