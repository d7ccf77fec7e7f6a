from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "trongdan.core.agencies"
    label = "agencies"
