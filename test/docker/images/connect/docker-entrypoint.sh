#!/usr/bin/env bash
# Makes the worker's configuration from the variables of the real image's entry, then becomes the worker.
set -eu
own=$(hostname --ip-address | cut -d' ' -f1)
export CONNECT_BOOTSTRAP_SERVERS=$BOOTSTRAP_SERVERS CONNECT_GROUP_ID=${GROUP_ID:-1}
export CONNECT_CONFIG_STORAGE_TOPIC=$CONFIG_STORAGE_TOPIC CONNECT_OFFSET_STORAGE_TOPIC=$OFFSET_STORAGE_TOPIC
export CONNECT_STATUS_STORAGE_TOPIC=${STATUS_STORAGE_TOPIC:-connect-status}
export CONNECT_OFFSET_FLUSH_INTERVAL_MS=${OFFSET_FLUSH_INTERVAL_MS:-60000}
export CONNECT_PLUGIN_PATH=/kafka/connect CONNECT_REST_ADVERTISED_HOST_NAME=$own CONNECT_REST_ADVERTISED_PORT=8083
env | grep '^CONNECT_' | while IFS='=' read -r name value; do
  property=${name#CONNECT_}
  property=${property,,}
  echo "${property//_/.}=$value"
done >/kafka/config/connect-distributed.properties
echo "plugin.discovery=service_load" >>/kafka/config/connect-distributed.properties
# shellcheck disable=SC2086
exec java ${HEAP_OPTS:-} ${KAFKA_JVM_PERFORMANCE_OPTS:-} -cp '/kafka/libs/*' \
  org.apache.kafka.connect.cli.ConnectDistributed /kafka/config/connect-distributed.properties
