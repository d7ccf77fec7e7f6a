from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "trongdan.kinds.coordination"
    label = "coordination"
