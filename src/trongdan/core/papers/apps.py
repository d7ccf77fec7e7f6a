from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "trongdan.core.papers"
    label = "papers"
