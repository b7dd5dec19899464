"""The servers under test, each a program: `--port`, `--model` (address of the Realtime server), `--audio`."""
