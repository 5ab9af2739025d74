"""A flag for every setting of a run, from the same table as the page and the address."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from netcore.activations import HIDDEN_ACTIVATIONS
from playground import renamed
from playground.config import LENGTHS, ConfigError, RunConfig
from playground.presets import PRESETS
from playground.settings import SETTINGS, Setting


def add_settings(parser: ArgumentParser) -> None:
    group = parser.add_argument_group(
        "settings of the run", "The app's default is shown with each flag."
    )
    default = RunConfig()
    for name, setting in SETTINGS.items():
        value = getattr(default, name)
        old = [flag(before) for before, now in renamed.SETTINGS.items() if now == name]
        group.add_argument(
            flag(name),
            *old,
            dest=name,
            metavar="N" if value is None and name in LENGTHS else setting.write(value),
            help=_help(setting).replace("%", "%%"),
        )


def flag(name: str) -> str:
    """
    >>> flag("learning_rate")
    '--learning-rate'
    """
    return "--" + name.replace("_", "-")


def with_dashes(arguments: Sequence[str]) -> list[str]:
    """Accept a setting's own name, with underscores, as its flag.

    >>> with_dashes(["--batch_size=full", "--save", "my_model.npz"])
    ['--batch-size=full', '--save', 'my_model.npz']
    """
    return [_with_dashes(each) if each.startswith("--") else each for each in arguments]


def texts_of(options: Namespace) -> dict[str, str]:
    """The settings that were given, by name, as typed."""
    given = {name: getattr(options, name) for name in SETTINGS}
    return {name: text for name, text in given.items() if text is not None}


def preset_of(options: Namespace) -> RunConfig | None:
    """The settings of --preset, if it was given. Raises ConfigError if there is no such preset."""
    name = options.preset
    if name is None:
        return None
    if name not in PRESETS:
        raise ConfigError(f"unknown preset {name!r}; choose one of: {', '.join(PRESETS)}.")
    return PRESETS[name].config


def presets_help() -> str:
    """A line for each preset."""
    width = max(map(len, PRESETS)) + 2
    return "\n".join(f"  {name:<{width}}{preset.about}" for name, preset in PRESETS.items())


def _with_dashes(argument: str) -> str:
    name, equals, value = argument.partition("=")
    return name.replace("_", "-") + equals + value


def _help(setting: Setting) -> str:
    names = HIDDEN_ACTIVATIONS if setting.name == "activations" else setting.choices
    return f"{setting.help} ({', '.join(names)})" if names else setting.help
