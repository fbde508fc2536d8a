"""A member of a group of the protocol of KIP-848: BROKERS TOPIC GROUP. Prints `joined` when it has partitions, commits what it
reads, and leaves when its standard input ends."""

import sys
import threading

from confluent_kafka import Consumer

brokers, topic, group = sys.argv[1:]
done = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()

consumer = Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": group,
        "group.protocol": "consumer",
        "client.id": "python-member",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    }
)
consumer.subscribe([topic], on_assign=lambda *_: print("joined", flush=True))
while not done.is_set():
    message = consumer.poll(0.1)
    if message is not None and message.error() is None:
        consumer.commit(message=message, asynchronous=False)
consumer.close()
