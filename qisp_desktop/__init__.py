"""QISP Desktop: the offline evaluation workbench for quality-infrastructure one-stop service platforms."""

__version__ = "0.1.0"
