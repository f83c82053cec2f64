"""The forms of ``ui/``, compiled by ``build_spec/compile_forms.py``."""
