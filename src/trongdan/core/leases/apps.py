from django.apps import AppConfig


class LeasesConfig(AppConfig):
    name = "trongdan.core.leases"
    label = "leases"
