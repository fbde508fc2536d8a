"""Writes records as librdkafka does: BROKERS TOPIC KIND. Each KIND is something that producers do; what it writes is below."""

import sys

from confluent_kafka import Producer

brokers, topic, kind = sys.argv[1:]
failures = []


def delivered(error, _message):
    if error:
        failures.append(error)


def producer(**conf):
    return Producer({"bootstrap.servers": brokers, "acks": "all", "linger.ms": 500, **conf})


def write(client, records):
    for record in records:
        client.produce(topic, partition=0, on_delivery=delivered, **record)
        client.poll(0)
    if client.flush(60) > 0 or failures:
        sys.exit(f"not published: {failures[:1]}")


CODECS = ("none", "gzip", "snappy", "lz4", "zstd")


def codecs():
    """200 records with each codec, of which some do not shrink."""
    for codec in CODECS:
        text = [f"{codec}-{i}-" + "abc" * (i % 50) for i in range(200)]
        write(producer(**{"compression.type": codec}), [{"key": codec, "value": one} for one in text])


def empty():
    """200,000 empty records in one batch."""
    client = producer(
        **{
            "compression.type": "gzip",
            "linger.ms": 20_000,
            "batch.num.messages": 200_000,
            "batch.size": 16_000_000,
            "message.max.bytes": 16_000_000,
            "queue.buffering.max.messages": 400_000,
        }
    )
    for i in range(200_000):
        client.produce(topic, partition=0, value=b"", on_delivery=delivered)
        if i % 10_000 == 0:
            client.poll(0)
    write(client, [])


def headers():
    """Names that objects have, repeated names, no value; then 8,000 of them."""
    odd = [("constructor", b"1"), ("__proto__", b"2"), ("toString", b"3"), ("10", b"4"), ("9", b"5")]
    mixed = [("x", b"1"), ("y", b"9"), ("x", b"2"), ("n", None), ("", b"")]
    many = [(f"header-{i % 4_000}", b"v%d" % i) for i in range(8_000)]
    write(producer(), [{"value": b"odd", "headers": odd}, {"value": b"mixed", "headers": mixed}])
    write(producer(), [{"value": b"many", "headers": many}])


def times():
    """Nanoseconds; librdkafka refuses negative times."""
    write(producer(), [{"value": b"nanoseconds", "timestamp": 1_780_000_000_123_456_789}])


def interleaved():
    """Two producers whose aborted batches lie between each other, and committed records of both before and behind."""
    a, b = (producer(**{"transactional.id": f"{topic}-{name}"}) for name in "ab")
    for client in (a, b):
        client.init_transactions()

    def some(client, name, count=3):
        write(client, [{"value": f"{name}{i}".encode()} for i in range(count)])

    for client, name in ((a, "a"), (b, "b")):
        client.begin_transaction()
        some(client, f"{name}-first-")
        client.commit_transaction()
    a.begin_transaction()
    b.begin_transaction()
    for turn in range(3):
        some(a, f"a-aborted-{turn}-")
        some(b, f"b-aborted-{turn}-")
    # The key of a marker, on a record that is none.
    write(b, [{"key": b"\0\0\0\0", "value": b"b-aborted-marked"}])
    some(b, "b-aborted-late-")
    # The one that began last ends first: brokers tell of transactions in the order of their ends.
    b.abort_transaction()
    b.begin_transaction()
    some(b, "b-last-")
    b.commit_transaction()
    some(a, "a-aborted-late-")
    a.abort_transaction()
    a.begin_transaction()
    some(a, "a-last-")
    a.commit_transaction()


def bombs():
    """Two batches that open to 160 MiB, with records before, between and behind them."""
    for codec in ("gzip", "zstd"):
        write(producer(), [{"key": b"key", "value": b'{"n":0}'}])
        write(
            producer(**{"compression.type": codec, "message.max.bytes": 200_000_000, "linger.ms": 0}),
            [{"value": bytes(160 * 1024 * 1024)}],
        )
    write(producer(), [{"key": b"key", "value": b'{"n":1}'}])


{"bombs": bombs, "codecs": codecs, "empty": empty, "headers": headers, "times": times, "interleaved": interleaved}[kind]()
