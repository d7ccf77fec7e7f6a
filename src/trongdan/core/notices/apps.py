from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "trongdan.core.notices"
    label = "notices"
