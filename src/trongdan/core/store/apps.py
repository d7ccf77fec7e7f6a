from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "trongdan.core.store"
    label = "store"
