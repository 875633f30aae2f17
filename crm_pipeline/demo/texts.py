"""What people write in the demo: names of opportunities, needs, answers and mails, by product family."""

TITLES = {
	"Racking": [
		"Pallet racking for the new hall",
		"Racking extension, aisles 9 to 14",
		"Drive-in lanes for seasonal stock",
		"Replacement of damaged uprights",
		"High-bay racking, phase two",
	],
	"Conveyors": [
		"Conveyor line for the packing area",
		"Sorter for three parcel carriers",
		"Renewal of conveyor line 2",
		"Carton conveyor between picking and dispatch",
	],
	"Scanning": [
		"Handheld terminals for goods-in",
		"Hands-free picking, trial with one shift",
		"Replacement of old scanners",
		"Label printing at the packing benches",
	],
	"Trucks": [
		"Reach trucks for the narrow aisles",
		"Transport robots, pilot",
		"Renewal of the truck fleet",
		"Electric pallet trucks for loading",
	],
	"Docks": [
		"Four new loading docks",
		"Dock seals for the cold store",
		"Levellers and doors, rear yard",
		"Refit of the loading bay",
	],
	"Service": [
		"Layout study for the new site",
		"Yearly inspection and maintenance",
		"Move of the warehouse to the new site",
	],
}

NEEDS = {
	"Racking": "Storage is full and pallets stand in the aisles. They need {0} more places before the season.",
	"Conveyors": "Packers carry cartons to dispatch by hand; at {0} cartons an hour this is the bottleneck.",
	"Scanning": "Picking still runs on paper. Error rate is around {0} in 1,000 lines and customers complain.",
	"Trucks": "The trucks are out of lease within {0} weeks, and two stand in the workshop every month.",
	"Docks": "Lorries wait in the yard. They handle about {0} a day and lose an hour on most of them.",
	"Service": "They have no engineer of their own and want one partner for about {0} sites.",
}

SOLUTIONS = {
	"Racking": "Selective racking on the long side, drive-in lanes behind; guards at every aisle end.",
	"Conveyors": "Powered conveyor with accumulation in front of a small sorter, gravity lanes at the exits.",
	"Scanning": "Terminals for goods-in and picking, printers at the benches, spare pool in the office.",
	"Trucks": "Mixed fleet with lithium batteries and opportunity charging, so that one shift needs no swap.",
	"Docks": "Levellers and insulated doors now, seals for the cold side in a second step.",
	"Service": "Survey on site, drawings for approval, then a contract with fixed response times.",
}

TO_DISCUSS = [
	"Delivery date and who clears the hall.",
	"Payment in three parts; they asked for 60 days.",
	"Floor load: we still need the test report.",
	"Whether installation may run at night.",
	"Their works council wants to see a reference site.",
	"Two offers, with and without maintenance.",
]

REQUEST = (
	"Hello,\n\nwe are planning the following: {title}. Could you tell us what you would propose, what it "
	"would roughly cost and how soon you could deliver?\n\nKind regards\n{contact}"
)

# What a mail may begin with: name, subject and text of an Email Template.
TEMPLATE = (
	"After the First Call",
	"{{ title }}: as discussed",
	"<p>Hello,</p><p>thank you for the talk about {{ title }}. Attached is our outline; could we go through it together "
	"this week?</p><p>Best regards</p>",
)

# Our mails and theirs, in the order of a conversation.
ANSWERS = [
	"Hello {contact},\n\nthank you for asking us about this. I would like to understand the numbers first: "
	"throughput, peak days and the floor plan. Could we talk on the phone this week?\n\nBest regards\n{owner}",
	"Hello {contact},\n\nas agreed, here is our outline with two variants. Variant B costs a little more but "
	"needs no change to your fire doors.\n\nBest regards\n{owner}",
	"Hello {contact},\n\nI wanted to ask whether you found the time to look at our proposal. I am glad to "
	"come by and walk through it with your team.\n\nBest regards\n{owner}",
	"Hello {contact},\n\nour fitters could start in the second half of the month if we have your decision by "
	"Friday.\n\nBest regards\n{owner}",
]
REPLIES = [
	"Hello {owner},\n\nplease find the floor plan and last year's figures attached. Thursday at ten suits us."
	"\n\nKind regards\n{contact}",
	"Hello {owner},\n\nthank you, variant B looks right. Please check whether the delivery can be split over "
	"two weeks.\n\nKind regards\n{contact}",
	"Hello {owner},\n\nwe have discussed it internally and still compare. What would a maintenance contract "
	"add?\n\nKind regards\n{contact}",
	"Hello {owner},\n\nour management decides on Monday; I will let you know.\n\nKind regards\n{contact}",
]
