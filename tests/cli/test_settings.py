"""What the environment gives: every setting by its name in capitals, and clear words for what is wrong."""

from dataclasses import fields

import pytest
from click.testing import CliRunner

from marketplace import config
from marketplace.cli.main import main
from marketplace.config import MissingSettings, Settings, WrongSetting

NEEDED = {name.upper(): f"some {name}" for name in config._NEEDED}


def test_every_setting_can_be_given():
    names = {each.name: "7" if each.type is int else f"my {each.name}" for each in fields(Settings)} | {"mode": "test"}
    env = {"FAIRLEAD_MODE" if name == "mode" else name.upper(): text for name, text in names.items()}
    found = Settings.from_env(env)
    assert {name: str(getattr(found, name)) for name in names} == names


def test_what_is_empty_or_left_out_is_as_usual():
    found = Settings.from_env({**NEEDED, "POOL_SIZE": "", "LOG_LEVEL": ""})
    assert (found.pool_size, found.log_level, found.mode) == (10, "INFO", "production")


def test_what_is_needed_and_not_set_is_named_all_at_once():
    with pytest.raises(MissingSettings, match=r"PII_KEYS, SECRET_KEY$"):
        Settings.from_env({name: text for name, text in NEEDED.items() if name not in {"SECRET_KEY", "PII_KEYS"}})


@pytest.mark.parametrize("text", ["ten", "-1", "1.5"])
def test_a_number_that_is_none_is_named(text):
    with pytest.raises(WrongSetting, match=f"POOL_SIZE has to be a whole number, and is '{text}'"):
        Settings.from_env({**NEEDED, "POOL_SIZE": text})


def test_a_command_says_so_in_one_line():
    told = CliRunner(env={**NEEDED, "FAIRLEAD_MODE": "test", "POOL_SIZE": "ten"}).invoke(main, ["check"])
    assert (told.exit_code, told.output) == (1, "Error: POOL_SIZE has to be a whole number, and is 'ten'.\n")
