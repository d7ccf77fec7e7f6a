from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "trongdan.doors.portal"
    label = "portal"
