// Receives Perfect Gym webhooks: a Cloudflare Worker.
import { env } from 'cloudflare:workers';

if (!env.PGM_WEBHOOK_SECRET) throw new Error("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM");
// The old secret is accepted too while the secret is being changed.
const secrets = [env.PGM_WEBHOOK_SECRET, env.PGM_WEBHOOK_SECRET_OLD].filter(Boolean);

// Signatures of the latest requests: PGM sends a request again with the same one. Cloudflare runs
// many instances: a D1 table with a unique key (insert or ignore) serves all of them.
const seen = new Set();
function isNew(signature) {
  if (seen.has(signature)) return false;
  if (seen.size === 10_000) seen.delete(seen.values().next().value);
  seen.add(signature);
  return true;
}

// Returns the signature in lower case, or undefined if the request is not from PGM.
async function verifiedSignature(headers) {
  const id = headers.get('X-PerfectGym-Request') ?? '';
  const signature = headers.get('X-PerfectGym-Signature') ?? '';
  // A comma means repeated headers: Headers joins them.
  if (!/^[ -~]+$/.test(id) || id.includes(',') || !/^[0-9a-f]{32}$/i.test(signature)) return undefined;
  const received = Uint8Array.from(signature.match(/../g), (hex) => parseInt(hex, 16));
  for (const secret of secrets) {
    const md5 = await crypto.subtle.digest('MD5', new TextEncoder().encode(`${id}:${secret}`));
    if (crypto.subtle.timingSafeEqual(md5, received)) return signature.toLowerCase();
  }
  return undefined;
}

async function work({ event, data }) {
  // Ignore Test and events you do not know; any field may be null.
  console.log(event, data?.userId ?? '');
}

export default {
  async fetch(request, env, context) {
    if (request.method !== 'POST') return new Response(null, { status: 405 });
    const signature = await verifiedSignature(request.headers);
    if (!signature) return new Response(null, { status: 401 });
    const envelope = await request.json().catch(() => undefined);
    if (!envelope) return new Response(null, { status: 400 });
    // Respond first, work later: PGM allows 5 seconds.
    if (isNew(signature)) context.waitUntil(work(envelope));
    return new Response('Ok');
  },
};
