"""What moto finds out anew for every request, though it never changes: the folders of its services,
and the methods of its classes. A third of its time."""

from functools import cache

from moto import backends
from moto.core import responses


def install() -> None:
    modules = frozenset(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    responses.method_names_from_class = cache(responses.method_names_from_class)
