"""What the demo company sells, who supplies it and whom it competes with."""

from typing import NamedTuple


class Product(NamedTuple):
	"""An item: list price in US dollars per unit; an opportunity of its family takes a quantity from `few` to `many`."""

	code: str
	name: str
	family: str
	uom: str
	price: float
	few: int
	many: int
	description: str


PRODUCTS = [
	Product(
		"RCK-SEL-3",
		"Selective pallet racking, starter bay",
		"Racking",
		"Bay",
		640,
		10,
		60,
		"2.7 m wide, three levels, 3,000 kg per level",
	),
	Product(
		"RCK-SEL-X",
		"Selective pallet racking, add-on bay",
		"Racking",
		"Bay",
		465,
		20,
		160,
		"Shares an upright with the bay before",
	),
	Product(
		"RCK-DRV",
		"Drive-in racking lane",
		"Racking",
		"Lane",
		2380,
		4,
		24,
		"Eight pallets deep, for seasonal stock",
	),
	Product(
		"RCK-GRD",
		"Upright and end-of-aisle guards",
		"Racking",
		"Set",
		118,
		10,
		80,
		"Steel, yellow, anchored to the floor",
	),
	Product(
		"CNV-GRV",
		"Gravity roller conveyor",
		"Conveyors",
		"Metre",
		195,
		15,
		90,
		"600 mm wide, for cartons up to 50 kg",
	),
	Product(
		"CNV-PWR",
		"Powered roller conveyor, 24 V",
		"Conveyors",
		"Metre",
		880,
		12,
		120,
		"Zero-pressure accumulation, zones of 600 mm",
	),
	Product(
		"CNV-SRT",
		"Pop-up wheel sorter",
		"Conveyors",
		"Nos",
		14600,
		1,
		4,
		"Up to 40 cartons a minute, three exits",
	),
	Product(
		"CNV-CTL",
		"Conveyor control cabinet",
		"Conveyors",
		"Nos",
		7900,
		1,
		3,
		"Controller, drives and emergency stop, wired and tested",
	),
	Product(
		"SCN-HND",
		"Rugged handheld terminal",
		"Scanning",
		"Nos",
		1150,
		8,
		60,
		"2D imager, drop tested to 1.8 m, battery for a shift",
	),
	Product(
		"SCN-RNG", "Ring scanner with wrist terminal", "Scanning", "Nos", 1690, 6, 30, "Hands-free picking"
	),
	Product(
		"SCN-PRT",
		"Industrial label printer",
		"Scanning",
		"Nos",
		1420,
		2,
		10,
		"Thermal transfer, 203 dpi, 104 mm",
	),
	Product(
		"SCN-CRD",
		"Charging cradle, five slots",
		"Scanning",
		"Nos",
		430,
		2,
		12,
		"Charges terminals and spare batteries",
	),
	Product("TRK-PJK", "Electric pallet truck", "Trucks", "Nos", 4350, 2, 10, "1,500 kg, lithium battery"),
	Product("TRK-RCH", "Reach truck", "Trucks", "Nos", 38900, 1, 5, "Lifts 1,600 kg to 9.5 m"),
	Product(
		"TRK-AMR",
		"Autonomous transport robot",
		"Trucks",
		"Nos",
		46500,
		2,
		8,
		"Carries 600 kg, maps the hall by itself",
	),
	Product(
		"TRK-CHG",
		"Battery charging station",
		"Trucks",
		"Nos",
		2150,
		1,
		6,
		"Opportunity charging for two trucks",
	),
	Product("DCK-LVL", "Hydraulic dock leveller", "Docks", "Nos", 5400, 2, 12, "6 t, swing lip, 2.0 x 2.5 m"),
	Product(
		"DCK-DOR",
		"Insulated sectional door",
		"Docks",
		"Nos",
		3900,
		2,
		12,
		"3.0 x 3.2 m, with operator and safety edge",
	),
	Product(
		"DCK-SEA", "Inflatable dock seal", "Docks", "Nos", 2450, 2, 12, "For cold stores and high throughput"
	),
	Product(
		"SVC-INS",
		"Installation",
		"Service",
		"Day",
		1250,
		2,
		25,
		"Two fitters with tools, travel within the region included",
	),
	Product(
		"SVC-DSG",
		"Layout and design",
		"Service",
		"Day",
		1400,
		2,
		8,
		"Drawings, load tables and approval documents",
	),
	Product(
		"SVC-MNT",
		"Maintenance contract, one year",
		"Service",
		"Year",
		4800,
		1,
		3,
		"Two inspections, repairs within one working day",
	),
]

COMPETITORS = [
	("Stahlmann Storage Systems", "Strong in racking at low prices; long lead times outside Europe."),
	("Pacific Handling Group", "Rents and sells trucks from stock; no design department."),
	("Northline Automation", "Conveyors and sorters for large parcel hubs; rarely below a million."),
	("Depot Direct", "Web shop for scanners and printers; no installation."),
	("Meridian Dock & Door", "Local service teams; quotes within a day."),
]

TAX, TAX_RATE = "Sales Tax 8 %", 8  # percent

# Name, country, what they make.
SUPPLIERS = [
	("Ferrovia Racking S.p.A.", "Italy", "Racking"),
	("Tri-State Steel Storage", "United States", "Racking"),
	("Rolltec Fördertechnik GmbH", "Germany", "Conveyors"),
	("Kestrel Mobile Computing", "United States", "Scanning"),
	("Nagoya Industrial Trucks", "Japan", "Trucks"),
	("Wayfarer Robotics", "Netherlands", "Trucks"),
	("Pennine Loading Systems", "United Kingdom", "Docks"),
]

# Who trades in what others make, and asks more for it.
TRADERS = [
	("Benelux Warehouse Trading B.V.", "Netherlands"),
	("Midland Trade Supply", "United Kingdom"),
]

SOURCES = {
	"Website": 28,
	"Existing Customer": 22,
	"Reference": 16,
	"Exhibition": 12,
	"Cold Calling": 9,
	"Campaign": 8,
	"Supplier Reference": 5,
}

# Reason, how often, what the salesperson wrote about it.
LOST_REASONS = {
	"Price": (26, "About {0} % above the offer they took."),
	"Competitor": (20, "They know the other side from an earlier site and stayed with them."),
	"No Decision": (16, "The board put the new hall off until the lease is settled."),
	"No Budget": (12, "Investments are frozen for this year."),
	"Timing": (10, "We could not deliver before their opening date."),
	"No Response": (9, "No answer to three mails and two calls."),
	"Missing Feature": (7, "They need the deep-freeze version, which our supplier does not make."),
}

PAUSE_REASONS = [
	"Waiting for the building permit.",
	"Budget round in the new quarter.",
	"Our contact is on parental leave.",
	"Hall is being surveyed; drawings to follow.",
]

# US dollars for one unit, rounded; enough to price a demo in the site's own currency.
DOLLARS = {
	"USD": 1.0,
	"EUR": 1.09,
	"GBP": 1.27,
	"JPY": 0.0067,
	"CHF": 1.13,
	"CAD": 0.73,
	"AUD": 0.66,
	"NZD": 0.6,
	"SEK": 0.096,
	"NOK": 0.094,
	"DKK": 0.146,
	"PLN": 0.25,
	"CZK": 0.043,
	"INR": 0.012,
	"CNY": 0.139,
	"SGD": 0.74,
	"HKD": 0.128,
	"KRW": 0.00074,
	"BRL": 0.19,
	"MXN": 0.055,
	"ZAR": 0.054,
	"AED": 0.272,
	"SAR": 0.267,
	"KWD": 3.25,
	"IDR": 0.000063,
	"THB": 0.028,
	"TRY": 0.031,
}
