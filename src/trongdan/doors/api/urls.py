from django.urls import path, re_path

from .api import api
from .problems import unknown_address, with_problems

urlpatterns = [
    path("v1/", with_problems(api.urls)),
    re_path("", unknown_address),
]
