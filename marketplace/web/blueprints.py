"""All pages by feature: one file, one blueprint, one folder of templates of the same name."""

from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
