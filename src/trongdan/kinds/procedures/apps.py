from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "trongdan.kinds.procedures"
    label = "procedures"
