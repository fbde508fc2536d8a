// For every project that sees this module, whatever it includes.
/// <reference path="./kafkajs-internals.d.ts" />
import Broker from 'kafkajs/src/broker/index.js';
import Batch from 'kafkajs/src/consumer/batch.js';
import Runner from 'kafkajs/src/consumer/runner.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import fetchResponse from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import produce from 'kafkajs/src/protocol/requests/produce/index.js';
import { boundRequests } from './connection.ts';
import { CONSUMER_GROUP_DESCRIBE, consumerGroupQuestion, consumerGroupsIn } from './consumer-groups.ts';
import { decodeFetchResponse, lastOffsetBehind } from './fetch-response.ts';
import { produceBody } from './produce-request.ts';
import { quietQueues } from './quiet-queue.ts';

/** The first version of Produce that writes records in batches. */
const FIRST_WITH_BATCHES = 3;

/**
 * Puts code of ours in the place of what is wrong in kafkajs 2.2.4, which has had no release since 2023. It changes objects
 * that its modules share, in this process and in a bundle alike.
 *
 * - Answers to fetches are decoded here: kafkajs knows no lz4, snappy and zstd, overflows the stack on 120,000 records of a
 *   batch, takes quadratic time for headers and loses their order, stumbles over some of their names, and shows records of
 *   aborted transactions whose batches interleave.
 * - A consumer goes on behind the last batch of an answer. kafkajs takes the last record for the end, and so asks again for
 *   each offset that compaction or an aborted transaction has left without one; behind a batch without records it stays.
 * - Records are encoded here as well: kafkajs writes headers by name only, none without a value, and reckons with times as
 *   numbers.
 * - Groups of the protocol of KIP-848 are described as well: for kafkajs they are dead.
 * - A consumer commits under the generation of this moment or fails: kafkajs's own retries could carry an offset over into
 *   a later generation, and commit backwards.
 * - Connections do not look at empty queues ({@link quietQueues}), and every request ends ({@link boundRequests}).
 */
export const cureKafkajs = (): void => {
  quietQueues();
  boundRequests();
  Runner.prototype.commitOffsets = async function (offsets) {
    if (!this.running) throw new Error('not in the group');
    await this.consumerGroup.commitOffsets(offsets);
  };
  fetchResponse.decode = decodeFetchResponse;
  const { describeGroups } = Broker.prototype;
  Broker.prototype.describeGroups = async function (options) {
    const { groups, ...rest } = await describeGroups.call(this, options);
    const unknown = groups.filter(({ state }) => state === 'Dead').map(({ groupId }) => groupId);
    if (unknown.length === 0 || this.versions?.[CONSUMER_GROUP_DESCRIBE.apiKey] === undefined)
      return { ...rest, groups };
    const encode = async () => new Encoder().writeBuffer(consumerGroupQuestion(unknown));
    const found = await this.connectionPool.send({
      request: { ...CONSUMER_GROUP_DESCRIBE, encode },
      response: { decode: async (answer) => consumerGroupsIn(answer), parse: async (answer) => answer },
    });
    const byName = new Map(found.map((group) => [group.groupId, group]));
    return { ...rest, groups: groups.map((group) => byName.get(group.groupId) ?? group) };
  };
  const { protocol } = produce;
  produce.protocol = (options) => {
    const exchangeOf = protocol(options);
    if (options.version < FIRST_WITH_BATCHES) return exchangeOf;
    return (wanted) => {
      const { request, response } = exchangeOf(wanted);
      const encode = async () => new Encoder().writeBuffer(await produceBody(wanted));
      return { request: { ...request, encode }, response };
    };
  };
  const { lastOffset, isEmptyDueToFiltering } = Batch.prototype;
  Batch.prototype.lastOffset = function () {
    const last = lastOffsetBehind(this.rawMessages);
    return last === undefined ? lastOffset.call(this) : String(last);
  };
  Batch.prototype.isEmptyDueToFiltering = function () {
    return isEmptyDueToFiltering.call(this) || (this.isEmpty() && lastOffsetBehind(this.rawMessages) !== undefined);
  };
};
