/** Cannot even be loaded. */
export const handler = (): never => {
  throw new Error('never called');
};

throw new SyntaxError('no configuration');
