"""The scoring screen: list of applications, their materials, and the sheet that is being filled."""
