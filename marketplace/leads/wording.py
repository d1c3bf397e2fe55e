"""What is said of a lead, as one says it."""

from marketplace.kit.i18n import lazy_gettext as _l

#: where a lead came from
CHANNELS = {
    "site_form": _l("Form on a site"),
    "landing_page": _l("Landing page"),
    "popup": _l("Pop-up"),
    "chat": _l("Chat"),
    "call_in": _l("The person called"),
    "call_out": _l("The agency called"),
    "email": _l("E-mail"),
    "search": _l("Search ad"),
    "contextual": _l("Contextual ad"),
    "social": _l("Social network"),
    "banner": _l("Banner"),
    "retargeting": _l("Retargeting"),
    "teaser": _l("Teaser"),
    "seo": _l("Search engine"),
    "blog": _l("Blog"),
    "video": _l("Video"),
    "messenger": _l("Messenger"),
    "event": _l("Event"),
    "contest": _l("Contest"),
    "partner": _l("Partner"),
    "flyer": _l("Flyer"),
    "aggregator": _l("Aggregator"),
}
