from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "trongdan.core.people"
    label = "people"
