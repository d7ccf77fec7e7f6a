from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "trongdan.platform.ui"
    label = "ui"
