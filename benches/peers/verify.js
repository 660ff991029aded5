// What one would write in Node to check a file of captures in pgwh's own format (or with headers
// as a list): parse each line, compare the signature, look at the envelope, count repeats. Prints
// the counts. `node verify.js FILE SECRET`
"use strict";
const fs = require("fs");
const crypto = require("crypto");

const [, , file, secret] = process.argv;
const seen = new Set();
let captures = 0, valid = 0, strange = 0, repeated = 0;

function header(headers, name) {
  if (!Array.isArray(headers)) return (headers[name] || [])[0];
  for (const header of headers) if (header.name.toLowerCase() === name) return header.value;
  return undefined;
}

function verify(line) {
  const parsed = JSON.parse(line);
  const request = parsed.request || parsed;
  const id = header(request.headers, "x-perfectgym-request");
  const signature = header(request.headers, "x-perfectgym-signature");
  captures++;
  if (!id || !signature) return;
  if (crypto.hash("md5", id + ":" + secret) === signature.toLowerCase()) valid++;
  const body = JSON.parse(request.body);
  if (typeof body.event !== "string" || typeof body.triggeredDate !== "string") strange++;
  if (seen.has(id)) repeated++;
  else seen.add(id);
}

const fd = fs.openSync(file, "r");
const buffer = Buffer.allocUnsafe(1 << 20);
let rest = Buffer.alloc(0);
for (let read; (read = fs.readSync(fd, buffer, 0, buffer.length, null)) > 0; ) {
  const block = Buffer.concat([rest, buffer.subarray(0, read)]);
  const end = block.lastIndexOf(10) + 1;
  for (const line of block.toString("utf8", 0, end).split("\n")) if (line) verify(line);
  rest = Buffer.from(block.subarray(end));
}
if (rest.length > 0) verify(rest.toString("utf8"));
console.log(JSON.stringify({ captures, valid, invalid: captures - valid, strange, repeated }));
