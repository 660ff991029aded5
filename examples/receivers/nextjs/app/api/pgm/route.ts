// Receives Perfect Gym webhooks at /api/pgm: a Next.js route handler (Next.js 15.1 or later).
import { createHash, timingSafeEqual } from "node:crypto";
import { after } from "next/server";

const { PGM_WEBHOOK_SECRET, PGM_WEBHOOK_SECRET_OLD } = process.env;
if (!PGM_WEBHOOK_SECRET) throw new Error("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM");
// The old secret is accepted too while the secret is being changed.
const secrets = [PGM_WEBHOOK_SECRET, PGM_WEBHOOK_SECRET_OLD].filter(Boolean);

// Signatures of the latest requests: PGM sends a request again with the same one. Where several
// instances serve the route, use a table with a unique key instead.
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
  console.log(event, data?.userId ?? "");
}

export async function POST(request: Request): Promise<Response> {
  const signature = verifiedSignature(request.headers);
  if (!signature) return new Response(null, { status: 401 });
  const envelope: Envelope | undefined = await request.json().catch(() => undefined);
  if (!envelope) return new Response(null, { status: 400 });
  // Respond first, work later: PGM allows 5 seconds.
  if (isNew(signature)) after(() => work(envelope));
  return new Response("Ok");
}
