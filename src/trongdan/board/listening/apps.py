from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "trongdan.board.listening"
    label = "listening"
