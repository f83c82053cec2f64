"""Papers: reportlab lays them out, pyHanko signs and checks them.

To add a paper: a module of its own with a ``render_...(record) -> bytes`` that builds a list of the flowables of
``house_style`` and hands it to ``rendering.render``. Importing this package imports no slow library.
"""
