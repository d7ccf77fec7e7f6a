from django.apps import AppConfig


class WaitingConfig(AppConfig):
    name = "trongdan.kinds.waiting"
    label = "waiting"
