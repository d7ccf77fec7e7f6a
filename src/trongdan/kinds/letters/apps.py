from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "trongdan.kinds.letters"
    label = "letters"
