/** Label of everything that faults put into clusters: its value is a hash of the run and the fault, which annotations tell. */
export const faultLabel = 'drillbook/fault';
export const runAnnotation = 'drillbook/run-id';
export const faultAnnotation = 'drillbook/fault-id';
