from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "trongdan.doors.desk"
    label = "desk"
