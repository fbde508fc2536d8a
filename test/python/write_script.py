"""Writes what a file says, as librdkafka does: BROKERS TOPIC FILE. The file is a JSON array of steps, each with a codec, an
end (none for records outside of a transaction, commit or abort) and records: key, value and header values in Base64 or null,
timestamp in ms."""

import base64
import json
import sys

from confluent_kafka import Producer

brokers, topic, file = sys.argv[1:]
failures = []
producers = {}


def delivered(error, _message):
    if error:
        failures.append(error)


def producer(codec, in_transactions):
    name = (codec, in_transactions)
    if name not in producers:
        conf = {"bootstrap.servers": brokers, "acks": "all", "linger.ms": 50, "compression.type": codec}
        conf["message.max.bytes"] = 60_000_000
        if in_transactions:
            conf["transactional.id"] = f"{topic}-{codec}"
        producers[name] = Producer(conf)
        if in_transactions:
            producers[name].init_transactions()
    return producers[name]


def opened(text):
    return None if text is None else base64.b64decode(text)


with open(file, encoding="utf-8") as steps:
    for step in json.load(steps):
        client = producer(step["codec"], step["end"] != "none")
        if step["end"] != "none":
            client.begin_transaction()
        for record in step["records"]:
            client.produce(
                topic,
                partition=record["partition"],
                key=opened(record["key"]),
                value=opened(record["value"]),
                timestamp=record["timestamp"],
                headers=[(name, opened(value)) for name, value in record["headers"]],
                on_delivery=delivered,
            )
            client.poll(0)
        if step["end"] == "commit":
            client.commit_transaction()
        elif step["end"] == "abort":
            client.flush(60)
            client.abort_transaction()
        elif client.flush(60) > 0 or failures:
            sys.exit(f"not published: {failures[:1]}")
