// Shows amounts while rates are typed. The server reads the numbers; what it would not read has no amount here.

const form = document.getElementById("answer");
const decimals = Number(form.dataset.decimals);
const show = new Intl.NumberFormat(document.documentElement.lang, {
	minimumFractionDigits: decimals,
	maximumFractionDigits: decimals,
	numberingSystem: "latn",
});
const mark = show.formatToParts(1.5).find((part) => part.type === "decimal")?.value;
const commaDecides = mark === "," || (mark === undefined && /^(de|fr|es|it|nl|pl|pt|ru|sv|tr)/.test(show.resolvedOptions().locale));

// A number as typed, or NaN where it has none or two readings.
function read(text) {
	const plain = text
		.trim()
		.replace(/[\u0660-\u0669]/g, (digit) => digit.charCodeAt(0) - 0x660)
		.replace(/[\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
		.replaceAll("\u066b", ".")
		.replaceAll("\u066c", ",")
		.replace(/(?<=\d)[ \u00a0\u202f'\u2019](?=\d{3}(?!\d))/g, "");
	if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(plain)) {
		return commaDecides ? NaN : Number(plain.replace(",", ""));
	}
	if (/^(\d+|[1-9]\d{0,2}(\.\d{3})+),\d*$|^[1-9]\d{0,2}(\.\d{3}){2,}$/.test(plain)) {
		return Number(plain.replaceAll(".", "").replace(",", "."));
	}
	return /^([1-9]\d{0,2}(,\d{3})+|\d+)?(\.\d*)?$/.test(plain) && /\d/.test(plain) ? Number(plain.replaceAll(",", "")) : NaN;
}

function write(place, value) {
	place.hidden = Number.isNaN(value);
	place.querySelector("output").textContent = Number.isNaN(value) ? "" : show.format(value);
}

function rounded(value) {
	return Math.round(value * (1 + 1e-15) * 10 ** decimals) / 10 ** decimals;
}

function compute() {
	const amounts = [...form.querySelectorAll(".rows > li")].map((row) => {
		const rate = read(row.querySelector(".rate input").value);
		const amount = rounded(Number(row.dataset.qty) * rate);
		write(row.querySelector('[data-slot="amount"]'), amount);
		return amount;
	});
	const known = amounts.filter((amount) => !Number.isNaN(amount));
	const total = known.length ? known.reduce((sum, amount) => sum + amount, 0) : NaN;
	write(form.querySelector('[data-slot="total"]'), total);
}

// A file that the server would refuse is not sent there.
function checkFile() {
	const problem = form.querySelector('[data-slot="file"]');
	const tooLarge = [...form.elements.file.files].some((file) => file.size > Number(form.dataset.largest));
	problem.textContent = tooLarge ? form.dataset.tooLarge : "";
	problem.hidden = !tooLarge;
	form.elements.file.setCustomValidity(problem.textContent);
}

form.addEventListener("input", compute);
form.elements.file.addEventListener("change", checkFile);
for (const each of document.forms) {
	each.addEventListener("submit", () => {
		setTimeout(() => (each.querySelector("button").disabled = true));
	});
}
window.addEventListener("pageshow", () => {
	document.querySelectorAll("button").forEach((button) => (button.disabled = false));
	compute();
});
document.getElementById("problems")?.focus();
