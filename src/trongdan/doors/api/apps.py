from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "trongdan.doors.api"
    label = "api"
