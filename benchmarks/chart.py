"""How long cases take at growing sizes, as a picture: both axes by powers of ten, a line for each case."""

from math import floor, log10
from xml.sax.saxutils import escape

from benchmarks.runs import Result

WIDTH, HEIGHT, LEFT, TOP, LEGEND, BOTTOM = 960, 520, 90, 30, 330, 60
# Told apart by whoever sees few colours, and on light and dark alike; dashes tell the second and third round of them.
COLORS = ("#4f6d9a", "#3f9e7d", "#d9822b", "#8a5fa8", "#b5484f", "#6b7a86")
DASHES = ("", "6 4", "2 3")
MOST_LINES = len(COLORS) * len(DASHES)


def growth(results: list[Result]) -> str:
	"""Return the SVG of what ours took by size.

	Raises:
		ValueError: fewer than two sizes, of which nothing can grow.
	"""
	results = [result for result in results if result.ours]
	sizes = sorted({result.size for result in results})
	if len(sizes) < 2:
		raise ValueError("A chart of growth needs two sizes or more: --size 1000 10000")
	times: dict[str, dict[int, float]] = {}
	for result in results:
		times.setdefault(result.case.name, {})[result.size] = result.ours.median
	every = [result.ours.median for result in results]
	low, high = floor(log10(min(every))), floor(log10(max(every))) + 1
	steps = {
		size: LEFT + (WIDTH - LEFT - LEGEND) * number / (len(sizes) - 1) for number, size in enumerate(sizes)
	}

	def height(milliseconds: float) -> float:
		return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (log10(milliseconds) - low) / (high - low)

	parts = [_grid(height(10**power), f"{10**power:,} ms") for power in range(low, high + 1)]
	parts += [_text(x, HEIGHT - BOTTOM + 24, f"{size:,}", "middle") for size, x in steps.items()]
	middle = (LEFT + WIDTH - LEGEND) / 2
	parts.append(_text(middle, HEIGHT - 10, "opportunities", "middle"))
	for number, (name, values) in enumerate(times.items()):
		points = [(steps[size], height(values[size])) for size in sizes if size in values]
		parts.append(_line(points, name, number))
	return (
		f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">'
		f"<title>Milliseconds of each case by the number of opportunities</title>"
		f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>\n'
	)


def _grid(y: float, label: str) -> str:
	line = f'<path d="M{LEFT} {y:.1f}H{WIDTH - LEGEND}" stroke="#ddd"/>'
	return line + _text(LEFT - 8, y + 4, label, "end")


def _line(points: list[tuple[float, float]], name: str, number: int) -> str:
	color, dash = COLORS[number % len(COLORS)], DASHES[number // len(COLORS) % len(DASHES)]
	style = f'fill="none" stroke="{color}" stroke-width="2.5" stroke-dasharray="{dash}"'
	path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
	begin, y = WIDTH - LEGEND + 20, TOP + 20 + number * 24
	return f'<path d="M{path}" {style}/><path d="M{begin} {y}h28" {style}/>{_text(begin + 36, y + 4, name, "start")}'


def _text(x: float, y: float, text: str, anchor: str) -> str:
	return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#333">{escape(text)}</text>'
