"""The hosted pages: plain forms that work without JavaScript."""

from marketplace.stripe_emulator.pages import bank, checkout, onboarding, operator

BLUEPRINTS = (bank.pages, checkout.pages, onboarding.pages, operator.pages)
