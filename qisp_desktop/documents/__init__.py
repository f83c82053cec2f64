"""Papers: reportlab lays them out, pyHanko signs and checks them.

To add a paper: a module of its own with a frozen record (``base.codec`` must be able to write it) and a
``render_...(record) -> bytes`` that builds a list of the flowables of ``house_style`` and ``sections`` and hands it to
``paper.render_paper``; then its kind in ``services.papers``. Importing this package imports no slow library.
"""
