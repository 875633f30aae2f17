"""A shim for tools that look for setup.py; pyproject.toml is the project's own description."""

from setuptools import find_packages, setup

setup(packages=find_packages(include=["crm_pipeline", "crm_pipeline.*"]))
