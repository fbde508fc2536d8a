export {
  type ClientState,
  openUpdatesClient,
  type Update,
  type UpdatesClient,
  type UpdatesClientOptions,
} from './client.ts';
