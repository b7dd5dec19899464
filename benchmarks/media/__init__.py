"""The media path under load: simulated Twilio callers, a server under test, and a scripted model."""
