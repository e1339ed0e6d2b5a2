"""The window: the only package that imports Qt. Reads and writes through `app.services`, never SQL, never HTTP."""
