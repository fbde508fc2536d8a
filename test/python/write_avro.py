"""Publishes events as Confluent's own serializer makes them: BROKERS REGISTRY TOPIC SCHEMA_FILE STRATEGY, events as JSON lines on the last argument.

STRATEGY is `ours` (TopicRecordNameStrategy, the schema that is registered) or `default` (TopicNameStrategy, registers its own).
Prints the partition and the key of every record that was acknowledged.
"""

import json
import pathlib
import sys

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient, topic_record_subject_name_strategy
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

brokers, registry, topic, schema, strategy, lines = sys.argv[1:]
ours = {
    "auto.register.schemas": False,
    "use.latest.version": True,
    "subject.name.strategy": topic_record_subject_name_strategy,
}
serialize = AvroSerializer(
    SchemaRegistryClient({"url": registry}),
    pathlib.Path(schema).read_text(),
    conf=ours if strategy == "ours" else {},
)


def delivered(error, message):
    if error:
        sys.exit(f"not published: {error}")
    print(json.dumps({"partition": message.partition(), "key": message.key().decode()}))


producer = Producer({"bootstrap.servers": brokers, "acks": "all", "partitioner": "murmur2_random"})
for line in lines.splitlines():
    entry = json.loads(line)
    value = serialize(entry["event"], SerializationContext(topic, MessageField.VALUE))
    producer.produce(topic, key=entry["key"], value=value, on_delivery=delivered)
if producer.flush(20) > 0:
    sys.exit("not everything was published")
