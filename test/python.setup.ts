import { installPython } from './support/python.ts';

/** Before the suites that talk to a Python client. */
export default installPython;
