"""The expert's screens: unlock a package, see what is inside."""
