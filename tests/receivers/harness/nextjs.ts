// Serves the Next.js route handler with real Request objects, in place of Next.js itself.
import { POST } from "./route.ts";

Deno.serve((request) =>
  request.method === "POST" ? POST(request) : new Response(null, { status: 405 })
);
