export async function makeCertificates(_s: object, _now: Date): Promise<{ ca: string; certificates: { [n: string]: string } }> { return { ca: '', certificates: {} }; }
