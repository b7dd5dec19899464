"""What the operator can set, by environment variable.

`load_settings()` is the only way in: it reads the environment once, checks each value and the combinations, and
raises `SettingsError`: one line that says which variable is wrong and why, without secrets. The README table is
`settings_table()`; a test keeps the two equal.
"""

from huntgroup.settings.fields import Settings
from huntgroup.settings.loading import load_settings
from huntgroup.settings.models import ModelKind
from huntgroup.settings.names import env_name, settings_table, unknown_variables

__all__ = ["ModelKind", "Settings", "env_name", "load_settings", "settings_table", "unknown_variables"]
