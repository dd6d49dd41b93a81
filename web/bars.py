"""Bars of an hour each, as the console draws them: one width, one height, scaled to the tallest. Pure."""

WIDTH, HEIGHT = 6, 32  # of one bar's place, and of the tallest bar, in the drawing's own units
LEAST = 1.5  # what is there must be seen


def height(count: int, most: int) -> float:
    """Return how tall a bar stands where the tallest stands for `most`; nothing has no bar."""
    return round(max(LEAST, HEIGHT * count / most), 1) if count else 0
