"""Where the demo's companies are, what they are called and who works there."""

from typing import NamedTuple

# First name, last name, share of the opportunities. The first leads the others.
SALESPEOPLE = [
	("Maya", "Lindqvist", 24),
	("Daniel", "Okafor", 21),
	("Priya", "Raman", 19),
	("Tom", "Whitaker", 15),
	("Elena", "Moretti", 13),
	("Kenji", "Arakawa", 8),
]
BUYER = ("Sofia", "Nowak")
TEAM = "Field Sales"

JOB_TITLES = [
	"Warehouse Manager",
	"Head of Logistics",
	"Operations Director",
	"Purchasing Manager",
	"Facility Manager",
	"Supply Chain Manager",
	"Managing Director",
	"Project Engineer",
]


class Region(NamedTuple):
	"""A market: its companies are a beginning and a business, in one currency; `weight` is its share."""

	country: str
	currency: str
	weight: int
	phone: str
	territories: list[str]
	beginnings: list[str]
	businesses: dict[str, str]
	first_names: list[str]
	last_names: list[str]


def user_of(first_name: str, last_name: str) -> str:
	"""Return the user id, an e-mail address, of somebody who works for the company."""
	return f"{first_name}.{last_name}@example.com".lower()


def _words(text: str) -> list[str]:
	return [word.strip() for word in text.split(",")]


ENGLISH_NAMES = _words(
	"Laura, James, Susan, Mark, Angela, Brian, Karen, Steven, Nicole, Paul, Rachel, Kevin, Megan, Eric, Diane, Sean, "
	"Monica, Victor, Helen, Craig, Joanna, Patrick, Teresa, Neil"
)

REGIONS = [
	Region(
		"United States",
		"USD",
		56,
		"+1 555 01",
		_words("Northeast, Midwest, South, West"),
		_words(
			"Harbor Point, Cascade, Blue Ridge, Great Basin, Lakeshore, Red River, Summit, Prairie, Bay State, "
			"Copper Creek, Evergreen, Ironwood, Keystone, Magnolia, Old Mill, Pinecrest, Silver Falls, Tidewater, "
			"Twin Rivers, Western Reserve"
		),
		{
			"Grocers": "Food Retail",
			"Freight": "Logistics",
			"Cold Storage": "Logistics",
			"Pharmacy Supply": "Health Care",
			"Outdoor Gear": "Retail",
			"Paper & Packaging": "Manufacturing",
			"Auto Parts": "Automotive",
			"Furniture": "Retail",
			"Beverage Company": "Food Production",
			"Tool & Fastener": "Wholesale",
		},
		ENGLISH_NAMES,
		_words(
			"Sullivan, Brooks, Ramirez, Foster, Nguyen, Coleman, Hayes, Patel, Jennings, Barrett, Delgado, Holloway, "
			"Keller, Mercer, Ortiz, Porter, Quinn, Sandoval, Thornton, Vaughn"
		),
	),
	Region(
		"United Kingdom",
		"GBP",
		16,
		"+44 20 7946 0",
		_words("London & South, Midlands, North, Scotland"),
		_words("Ashdown, Calder Valley, Thames, Pentland, Severn, Wharfedale, Cotswold, Mersey, Fenland"),
		{
			"Foods": "Food Production",
			"Distribution": "Logistics",
			"Builders Merchants": "Wholesale",
			"Textiles": "Retail",
			"Medical Supplies": "Health Care",
			"Books": "Retail",
		},
		ENGLISH_NAMES,
		_words("Hargreaves, Ellis, Chapman, Bhatt, Fairclough, Murray, Pritchard, Sutton, Walsh, Yates"),
	),
	Region(
		"Germany",
		"EUR",
		14,
		"+49 30 23125 ",
		_words("Nord, Süd, West"),
		_words("Brückner, Hansen, Lindner, Oberland, Rheintal, Sommer & Söhne, Weser, Zeller"),
		{
			"Logistik GmbH": "Logistics",
			"Getränke GmbH": "Food Production",
			"Baustoffe GmbH": "Wholesale",
			"Pharma-Großhandel GmbH": "Health Care",
			"Maschinenteile GmbH": "Manufacturing",
		},
		_words("Katrin, Jürgen, Anja, Stefan, Miriam, Thomas, Ute, Markus, Silke, Florian"),
		_words("Bauer, Krüger, Vogt, Schäfer, Neumann, Engel, Brandt, Winkler"),
	),
	Region(
		"Netherlands",
		"EUR",
		7,
		"+31 20 555 0",
		_words("Randstad, Zuid"),
		_words("Van Dijk, De Haven, Maasland, Zuiderzee, Polder"),
		{"Transport B.V.": "Logistics", "Bloemen B.V.": "Wholesale", "Zuivel B.V.": "Food Production"},
		_words("Sanne, Joris, Femke, Bram, Lotte, Ruben"),
		_words("de Boer, Visser, Smit, Mulder, Bakker"),
	),
	Region(
		"Japan",
		"JPY",
		7,
		"+81 3 5550 0",
		_words("Kanto, Kansai"),
		_words("Takahashi, Kitano, Hoshino, Minato, Asahigaoka"),
		{
			"Logistics Co., Ltd.": "Logistics",
			"Foods Co., Ltd.": "Food Production",
			"Precision Co., Ltd.": "Manufacturing",
		},
		_words("Haruka, Takeshi, Yuki, Kenta, Naomi, Shota"),
		_words("Mori, Ishikawa, Fujita, Okada, Nakano"),
	),
]
