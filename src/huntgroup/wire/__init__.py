"""Messages as types without I/O: Twilio Media Streams and the Realtime protocol, both sides of each."""
