"""Reads a topic to its end as any Avro client does and prints one JSON line a record: BROKERS REGISTRY TOPIC KEY."""

import json
import sys

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

brokers, registry, topic, key = sys.argv[1:]
deserialize = AvroDeserializer(SchemaRegistryClient({"url": registry}))
consumer = Consumer({"bootstrap.servers": brokers, "group.id": "unused", "enable.auto.commit": False})
ends = {}
for partition in consumer.list_topics(topic, timeout=10).topics[topic].partitions:
    low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
    if low < high:
        ends[partition] = high
consumer.assign([TopicPartition(topic, partition, 0) for partition in ends])
while ends:
    message = consumer.poll(10)
    if message is None or message.error():
        sys.exit(f"no more records, and not at the end: {message and message.error()}")
    if message.key() == key.encode():
        print(
            json.dumps(
                {
                    "partition": message.partition(),
                    "headers": {name: value.decode() for name, value in message.headers() or []},
                    "event": deserialize(message.value(), SerializationContext(topic, MessageField.VALUE)),
                }
            )
        )
    if message.offset() + 1 >= ends[message.partition()]:
        del ends[message.partition()]
        consumer.incremental_unassign([TopicPartition(topic, message.partition())])
consumer.close()
