// Receives Perfect Gym webhooks: a Supabase Edge Function, which Deno runs as it is.
import { createHash, timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";

const secret = Deno.env.get("PGM_WEBHOOK_SECRET");
if (!secret) throw new Error("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM");
// The old secret is accepted too while the secret is being changed.
const secrets = [secret, Deno.env.get("PGM_WEBHOOK_SECRET_OLD")].filter(Boolean);

// Signatures of the latest requests: PGM sends a request again with the same one. Supabase may
// run several instances: a table with a unique key (insert … on conflict do nothing) serves all.
const seen = new Set<string>();
function isNew(signature: string): boolean {
  if (seen.has(signature)) return false;
  if (seen.size === 10_000) seen.delete(seen.values().next().value!);
  seen.add(signature);
  return true;
}

// Returns the signature in lower case, or undefined if the request is not from PGM.
function verifiedSignature(headers: Headers): string | undefined {
  const id = headers.get("x-perfectgym-request") ?? "";
  const signature = headers.get("x-perfectgym-signature") ?? "";
  // A comma means repeated headers: Headers joins them.
  if (!/^[ -~]+$/.test(id) || id.includes(",") || !/^[0-9a-f]{32}$/i.test(signature)) return undefined;
  const received = Buffer.from(signature, "hex");
  const md5 = (secret?: string) => createHash("md5").update(`${id}:${secret}`).digest();
  return secrets.some((secret) => timingSafeEqual(md5(secret), received)) ? signature.toLowerCase() : undefined;
}

type Envelope = { event: string; triggeredDate: string; data?: { userId?: number | null } | null };

async function work({ event, data }: Envelope) {
  // Ignore Test and events you do not know; any field may be null.
  await Promise.resolve(console.log(event, data?.userId ?? ""));
}

// Supabase keeps the instance alive until the work is done; plain Deno needs no asking.
declare const EdgeRuntime: { waitUntil(work: Promise<void>): void } | undefined;
function later(work: Promise<void>) {
  if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(work);
}

Deno.serve(async (request) => {
  if (request.method !== "POST") return new Response(null, { status: 405 });
  const signature = verifiedSignature(request.headers);
  if (!signature) return new Response(null, { status: 401 });
  const envelope: Envelope | undefined = await request.json().catch(() => undefined);
  if (!envelope) return new Response(null, { status: 400 });
  if (isNew(signature)) later(work(envelope)); // respond without awaiting: PGM allows 5 seconds
  return new Response("Ok");
});
