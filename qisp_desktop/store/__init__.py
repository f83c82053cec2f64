"""What is kept: the round file of the office (``round_store``) and the expert's workspace (``workspace_store``).

Domain values go in and come out; rows never leave this package.
"""
