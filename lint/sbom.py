"""Write what a release brings along as CycloneDX: what the embedded host needs, and what the pipeline page is rendered with.

	python -m lint.sbom PYTHON FILE

PYTHON is an environment with embedded/requirements.txt installed. The app itself needs nothing beside Frappe.
"""

import json
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[1]
VERSION = re.compile(r'^__version__ = "(.+)"', re.MULTILINE)
PINNED = re.compile(r"^([\w.-]+)==", re.MULTILINE)
LIBRARIES = ROOT / "vendor" / "package-lock.json"


def main(python: str, file: str) -> int:
	"""Write the file, unless it would not be CycloneDX; return whether that is so."""
	bill = of_environment(python)
	keep_only(
		bill, {plain(name) for name in PINNED.findall((ROOT / "embedded" / "requirements.txt").read_text())}
	)
	bill["components"] += of_page()
	bill["metadata"]["component"]["version"] = VERSION.search(
		(ROOT / "crm_pipeline" / "__init__.py").read_text()
	).group(1)
	text = json.dumps(bill, indent=1, sort_keys=True) + "\n"
	fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
	if fault:
		print(fault, file=sys.stderr)
	else:
		Path(file).write_text(text)
		print(f"{file}: {len(bill['components'])} packages")
	return int(fault is not None)


def of_environment(python: str) -> dict:
	"""Return what is installed in an environment, with its licences."""
	command = [
		sys.executable,
		"-m",
		"cyclonedx_py",
		"environment",
		"--pyproject",
		str(ROOT / "pyproject.toml"),
	]
	options = ["--mc-type", "application", "--spec-version", "1.6", "--output-reproducible"]
	return json.loads(subprocess.run([*command, *options, python], check=True, capture_output=True).stdout)


def keep_only(bill: dict, names: set[str]) -> None:
	"""Leave out what else is in the environment, such as the suite's packages."""
	bill["components"] = [each for each in bill["components"] if plain(each["name"]) in names]
	kept = {each["bom-ref"] for each in (*bill["components"], bill["metadata"]["component"])}
	bill["dependencies"] = [
		{**each, "dependsOn": [ref for ref in each.get("dependsOn", ()) if ref in kept]}
		for each in bill["dependencies"]
		if each["ref"] in kept
	]


def of_page() -> Iterator[dict]:
	"""Yield the libraries that are in the page's one vendored file; what builds it is not in it."""
	for path, package in json.loads(LIBRARIES.read_text())["packages"].items():
		if path and not package.get("dev"):
			name = path.removeprefix("node_modules/")
			algorithm, _dash, digest = package["integrity"].partition("-")
			yield {
				"type": "library",
				"bom-ref": f"npm:{name}",
				"name": name,
				"version": package["version"],
				"purl": f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
				"licenses": [{"license": {"id": package["license"]}}],
				"hashes": [
					{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": b64decode(digest).hex()}
				],
			}


def plain(name: str) -> str:
	"""Return the name of a package as registries compare it."""
	return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
