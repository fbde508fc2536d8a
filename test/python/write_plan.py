"""Writes records as librdkafka does: a plan file as test/readers/plan.ts makes it."""

import base64
import json
import sys
import uuid

from confluent_kafka import Producer

plan = json.load(open(sys.argv[1], encoding="utf-8"))
failures = []
clients = {}


def delivered(error, _message):
    if error:
        failures.append(error)


def open_client(step):
    conf = {"bootstrap.servers": plan["brokers"], "compression.type": step["codec"], "linger.ms": 100}
    if step["does"] == "begin":
        conf["transactional.id"] = str(uuid.uuid4())
    client = Producer(conf)
    if step["does"] == "begin":
        client.init_transactions()
    return client


def data(text):
    return None if text is None else base64.b64decode(text)


def send(client, records):
    for record in records:
        time = {} if record["timestamp"] is None else {"timestamp": int(record["timestamp"])}
        client.produce(
            record.get("topic", plan["topic"]),
            partition=record.get("partition", 0),
            key=data(record["key"]),
            value=data(record["value"]),
            headers=[(name, data(value)) for name, value in record["headers"]],
            on_delivery=delivered,
            **time,
        )
        client.poll(0)
    if client.flush(60) > 0 or failures:
        sys.exit(f"not published: {failures[:1]}")


for step in plan["steps"]:
    name = step["client"]
    if name not in clients:
        clients[name] = open_client(step)
    client = clients[name]
    if step["does"] == "send":
        send(client, step["records"])
    else:
        {"begin": client.begin_transaction, "commit": client.commit_transaction, "abort": client.abort_transaction}[
            step["does"]
        ]()
