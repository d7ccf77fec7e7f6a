from django.apps import AppConfig


class SatisfactionConfig(AppConfig):
    name = "trongdan.kinds.satisfaction"
    label = "satisfaction"
