"""Reads a topic to its end as librdkafka does: BROKERS TOPIC ISOLATION. Prints a JSON array for each record: partition, offset,
timestamp, and whether there is a key and a value."""

import json
import sys

from confluent_kafka import Consumer, KafkaError, TopicPartition

brokers, topic, isolation = sys.argv[1:]
consumer = Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": f"read-{topic}",
        "enable.auto.commit": False,
        "isolation.level": isolation,
        "auto.offset.reset": "earliest",
        "enable.partition.eof": True,
    }
)
partitions = consumer.list_topics(topic).topics[topic].partitions
consumer.assign([TopicPartition(topic, one, 0) for one in partitions])
open_ones = set(partitions)
while open_ones:
    message = consumer.poll(30)
    if message is None:
        sys.exit("nothing came for 30 s")
    if message.error():
        if message.error().code() != KafkaError._PARTITION_EOF:
            sys.exit(str(message.error()))
        open_ones.discard(message.partition())
        continue
    time = message.timestamp()[1]
    print(json.dumps([message.partition(), message.offset(), time, message.key() is not None, message.value() is not None]))
consumer.close()
