from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "trongdan.core.links"
    label = "links"
