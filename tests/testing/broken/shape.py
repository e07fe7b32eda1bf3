"""Adapters that are none, or whose operations cannot be called."""

from tests.acme.sound import Sound


class HasNoLocate(Sound):
    caught_by, says = "test_form", "it lacks locate"

    @property
    def locate(self):
        raise AttributeError


class IsNamedInCapitals(Sound):
    caught_by, says = "test_form", "the adapter's name 'Acme' must be lower case"
    name = "Acme"


class HasAPathInItsBaseUrl(Sound):
    caught_by, says = "test_form", "paths of requests begin with /v1 instead"
    base_url = "https://api.acme.example/v1"


class HasNoScheme(Sound):
    caught_by, says = "test_form", "base_url 'api.acme.example' is not an http(s) URL"
    base_url = "api.acme.example"


class NamesNoVariable(Sound):
    caught_by, says = "test_form", "key_env 'acme key' is not a variable name"
    key_env = "acme key"


class TakesTooMuchToRemix(Sound):
    caught_by, says = "test_form", "remix must take (task, prompt, size)"

    def remix(self, task, prompt, size, style):  # type: ignore[override]  # a fault on purpose
        return self.status(task)


class HidesItsSettings(Sound):
    caught_by, says = "test_form", "configure needs `Settings`"

    def configure(self, settings):
        return self
