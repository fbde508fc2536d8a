/** A request as kafkajs has it, encoded when it is sent. */
export interface ClientRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  readonly encode: () => Promise<object>;
}
