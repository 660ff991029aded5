// Receives Perfect Gym webhooks with Node's own http module.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { PGM_WEBHOOK_SECRET, PGM_WEBHOOK_SECRET_OLD, PORT = '3000' } = process.env;
if (!PGM_WEBHOOK_SECRET) throw new Error("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM");
// The old secret is accepted too while the secret is being changed.
const secrets = [PGM_WEBHOOK_SECRET, PGM_WEBHOOK_SECRET_OLD].filter(Boolean);

// Signatures of the latest requests: PGM sends a request again with the same one. A table with
// a unique key would survive a restart and serve several processes.
const seen = new Set();
function isNew(signature) {
  if (seen.has(signature)) return false;
  if (seen.size === 10_000) seen.delete(seen.values().next().value);
  seen.add(signature);
  return true;
}

// Returns the signature in lower case, or undefined if the request is not from PGM.
function verifiedSignature(headers) {
  const [id = '', ...otherIds] = headers['x-perfectgym-request'] ?? [];
  const [signature = '', ...otherSignatures] = headers['x-perfectgym-signature'] ?? [];
  if (otherIds.length || otherSignatures.length) return undefined;
  // A comma means that a proxy joined repeated headers.
  if (!/^[ -~]+$/.test(id) || id.includes(',') || !/^[0-9a-f]{32}$/i.test(signature)) return undefined;
  const received = Buffer.from(signature, 'hex');
  const md5 = (secret) => createHash('md5').update(`${id}:${secret}`).digest();
  return secrets.some((secret) => timingSafeEqual(md5(secret), received)) ? signature.toLowerCase() : undefined;
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    if ((text += chunk).length > 1_000_000) throw new Error('the body is too long');
  }
  return JSON.parse(text);
}

async function work({ event, data }) {
  // Ignore Test and events you do not know; any field may be null.
  console.log(event, data?.userId ?? '');
}

export const server = createServer(async (request, response) => {
  const respond = (status, text = '') => response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
  if (request.method !== 'POST' || request.url.split('?')[0] !== '/pgm') return respond(404);
  const signature = verifiedSignature(request.headersDistinct);
  if (!signature) return respond(401);
  const envelope = await readJson(request).catch(() => undefined);
  if (!envelope) return respond(400);
  respond(200, 'Ok'); // respond first, work later: PGM allows 5 seconds
  if (isNew(signature)) setImmediate(() => work(envelope).catch(console.error));
}).listen(Number(PORT), '127.0.0.1');
