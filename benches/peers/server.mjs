// What one would write in Node for `pgwh listen --save`: verify, append a line, then answer.
// `node server.mjs PORT FILE`
import { createHash, timingSafeEqual } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';

const [, , port, path] = process.argv;
const file = createWriteStream(path, { flags: 'a' });
createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces).toString();
    const id = request.headers['x-perfectgym-request'];
    const ours = createHash('md5').update(`${id}:${process.env.PGWH_SECRET}`).digest('hex');
    const valid = timingSafeEqual(Buffer.from(ours), Buffer.from(request.headers['x-perfectgym-signature']));
    const { event } = JSON.parse(body);
    const line = JSON.stringify({
      receivedAt: new Date().toISOString(), method: request.method, path: request.url,
      remote: request.socket.remoteAddress, headers: request.headers, body,
    });
    file.write(line + '\n', () => {
      response.writeHead(valid && event ? 200 : 401, { 'content-type': 'text/plain' });
      response.end('Ok');
    });
  });
}).listen(Number(port), '127.0.0.1');
