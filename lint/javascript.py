"""Lint the app's JavaScript with oxlint, without the lines by which Frappe includes one file in another."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / ".oxlintrc.json"
OXLINT = Path(sys.executable).with_name("oxlint")
VENDOR = "vendor"  # what others wrote
INCLUDE = re.compile(r"^(?=\{%)", re.MULTILINE)


def main() -> int:
	"""Lint copies under the same names, so that findings name the files and lines that they are in."""
	with tempfile.TemporaryDirectory() as copies:
		for path in (ROOT / "crm_pipeline").rglob("*.js"):
			if path.parent.name == VENDOR:
				continue
			copy = Path(copies, path.relative_to(ROOT))
			copy.parent.mkdir(parents=True, exist_ok=True)
			copy.write_text(INCLUDE.sub("// ", path.read_text()))
		command = [OXLINT, "--config", CONFIG, "--deny-warnings", "crm_pipeline"]
		return subprocess.run(command, cwd=copies).returncode


if __name__ == "__main__":
	sys.exit(main())
