"""DynamoDB: before a transaction moto copies the whole table, it never forgets any row it ever
copied, for a query it sorts all rows, and each value of an answer it looks up under a dozen names: a page
of 7,000 rows took longer than a client waits. Here only the rows that the transaction names are copied,
nothing is kept count of, a query looks at its partition, and values, which are as DynamoDB writes them
already, are written as they are. Functions that listen to a stream are not called: nothing here could run
them."""

import copy
from collections import defaultdict

from moto.core.common_models import BaseModel
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table


def install() -> None:
    BaseModel.__new__ = _untracked
    backend = DynamoDBBackend
    backend.transact_write_items = _transact_write_items(backend.transact_write_items)
    Table.query = _query(Table.query)
    BaseJSONSerializer._serialize_type_structure = _values_as_they_are(
        BaseJSONSerializer._serialize_type_structure
    )
    StreamShard.add = _calling_nobody(StreamShard.add)


def _untracked(cls, *_arguments, **_named) -> BaseModel:
    return object.__new__(cls)


def _values_as_they_are(original):
    def serialize(self, serialized, value, shape, key) -> None:
        # Nothing here has bytes, which would have to be encoded.
        if shape.name == "AttributeValue" and type(value) is dict:
            self._default_serialize(serialized, value, shape, key)
        else:
            original(self, serialized, value, shape, key)

    return serialize


def _calling_nobody(original):
    def add(self: StreamShard, old, new) -> None:
        listening = self.table.lambda_event_source_mappings
        self.table.lambda_event_source_mappings = {}
        try:
            original(self, old, new)
        finally:
            self.table.lambda_event_source_mappings = listening

    return add


def _query(original):
    def query(self: Table, hash_key: DynamoType | None, *rest, **named):
        index_name = named.get("index_name", rest[6] if len(rest) > 6 else None)
        if hash_key is not None and index_name is None and self.has_range_key:
            rows = self.items.get(hash_key, {})
            # moto sorts them itself.
            self.all_items = lambda: list(rows.values())
        # Nobody changes what was found: it is written out at once.
        Item.__deepcopy__ = lambda item, _memo: item
        try:
            return original(self, hash_key, *rest, **named)
        finally:
            self.__dict__.pop("all_items", None)
            del Item.__deepcopy__

    return query


def _transact_write_items(original):
    def transact_write_items(self: DynamoDBBackend, transact_items: list[dict]) -> None:
        operations = [operation for item in transact_items for operation in item.values()]
        Table.__deepcopy__ = lambda table, _memo: _as_it_is(table, operations)
        try:
            original(self, transact_items)
        finally:
            del Table.__deepcopy__

    return transact_write_items


def _as_it_is(table: Table, operations: list[dict]) -> Table:
    """For the way back: the table with copies of the rows that these operations may change."""
    kept = object.__new__(Table)
    kept.__dict__.update(table.__dict__)
    kept.items = defaultdict(dict, table.items)
    for operation in operations:
        if operation.get("TableName") != table.name:
            continue
        row = operation.get("Key") or operation["Item"]
        partition = DynamoType(row[table.hash_key_attr])
        if partition not in table.items:
            continue
        if kept.items[partition] is table.items[partition]:
            kept.items[partition] = copy.copy(table.items[partition])
        if table.has_range_key:
            place = DynamoType(row[table.range_key_attr])
            if place in table.items[partition]:
                kept.items[partition][place] = copy.deepcopy(table.items[partition][place])
    return kept
