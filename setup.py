"""Finds the packages; everything else stands in pyproject.toml.

One package lies elsewhere (``resources/``), and pyproject.toml cannot both discover packages and name one.
"""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["qisp_desktop*"]), "qisp_desktop.resources"])
