/**
 * Runs the work of a batch in a subsegment of the X-Ray trace, where there is a daemon to send it to: in Lambda. The
 * tracer is loaded only then, because it costs every cold start about as much as the rest of the harness.
 *
 * @param name name of the subsegment
 */
export const traced = async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
  if (process.env.AWS_XRAY_DAEMON_ADDRESS === undefined) return work();
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  const tracer = new Tracer();
  const parent = tracer.getSegment();
  if (parent === undefined) return work();
  const subsegment = parent.addNewSubsegment(name);
  tracer.setSegment(subsegment);
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) tracer.addErrorAsMetadata(error);
    throw error;
  } finally {
    subsegment.close();
    tracer.setSegment(parent);
  }
};
