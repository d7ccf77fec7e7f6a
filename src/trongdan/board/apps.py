from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "trongdan.board"
    label = "board"
