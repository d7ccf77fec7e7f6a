from django.apps import AppConfig


class DialogueConfig(AppConfig):
    name = "trongdan.kinds.dialogue"
    label = "dialogue"
