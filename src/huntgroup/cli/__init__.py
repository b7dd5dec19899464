"""The command line. Commands are thin: they read settings, ask `bootstrap` for a house and print what happens."""
