from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "trongdan.core.cases"
    label = "cases"
