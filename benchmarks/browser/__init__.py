"""The demo page in Chromium, against the house that `huntgroup serve` opens in a process of its own."""
