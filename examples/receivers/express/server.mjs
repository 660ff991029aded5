// Receives Perfect Gym webhooks with Express.
import { createHash, timingSafeEqual } from 'node:crypto';
import express from 'express';

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

// Lets a request pass only if PGM signed it. headersDistinct keeps repeated headers apart.
function verifySignature(request, response, next) {
  const [id = '', ...otherIds] = request.headersDistinct['x-perfectgym-request'] ?? [];
  const [signature = '', ...otherSignatures] = request.headersDistinct['x-perfectgym-signature'] ?? [];
  const single = otherIds.length === 0 && otherSignatures.length === 0;
  // A comma means that a proxy joined repeated headers.
  if (!single || !/^[ -~]+$/.test(id) || id.includes(',') || !/^[0-9a-f]{32}$/i.test(signature)) {
    return response.sendStatus(401);
  }
  const received = Buffer.from(signature, 'hex');
  const md5 = (secret) => createHash('md5').update(`${id}:${secret}`).digest();
  if (!secrets.some((secret) => timingSafeEqual(md5(secret), received))) return response.sendStatus(401);
  response.locals.signature = signature.toLowerCase();
  next();
}

async function work({ event, data }) {
  // Ignore Test and events you do not know; any field may be null.
  console.log(event, data?.userId ?? '');
}

export const app = express();
app.disable('x-powered-by');
app.post('/pgm', verifySignature, express.json({ limit: '1mb', type: () => true }), (request, response) => {
  response.type('text').send('Ok'); // respond first, work later: PGM allows 5 seconds
  if (isNew(response.locals.signature)) setImmediate(() => work(request.body).catch(console.error));
});
export const server = app.listen(Number(PORT), '127.0.0.1');
