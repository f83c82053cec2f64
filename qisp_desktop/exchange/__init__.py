"""What travels on a stick: the encrypted container, the keys, the panel package and the return package."""
