"""The materials of an application in the window: what the expert reads beside the score sheet.

``pane`` is what a screen embeds; ``viewers`` is where a kind of viewer is added. PDF files and pictures come from
strangers, so they are opened in a process of their own (``page_server``): it may crash, hang or fill its memory, and
the desk goes on.
"""
