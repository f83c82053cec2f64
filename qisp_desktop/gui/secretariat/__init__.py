"""The secretariat's screens: where a round stands."""
