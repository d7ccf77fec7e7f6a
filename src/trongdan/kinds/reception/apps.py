from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "trongdan.kinds.reception"
    label = "reception"
