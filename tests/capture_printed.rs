//! What programs, logs and exports keep of a request, each form once alone and three times in a
//! file: headers and bodies must stay together.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Cursor, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pgwh::capture;
use zip::write::SimpleFileOptions;

/// The form of one request: `{id}`, `{sig}`, and its body as `{body}`, escaped in quotes as
/// `{quoted}`, in base64 as `{base64}`, or as the number `{n}` in a literal that is written out.
const FORMS: &[(&str, &str)] = &[
    (
        "DynamoDB's export",
        "{\"Item\":{\"pk\":{\"N\":\"{n}\"},\"headers\":{\"M\":{\"host\":{\"S\":\"h\"},\"x-perfectgym-request\":{\"S\":\"{id}\"},\"x-perfectgym-signature\":{\"S\":\"{sig}\"}}},\"body\":{\"S\":\"{quoted}\"}}}\n",
    ),
    (
        "MongoDB's export",
        "{\"_id\":{\"$oid\":\"6560a1b2c3d4e5f6a7b8c9d0\"},\"headers\":{\"x-perfectgym-request\":\"{id}\",\"x-perfectgym-signature\":\"{sig}\"},\"body\":{\"event\":\"Test\",\"triggeredDate\":{\"$date\":\"2026-03-02T09:15:30Z\"},\"data\":{\"n\":{n}}}}\n",
    ),
    (
        "nginx' default escapes behind the names of headers",
        "X-PerfectGym-Request: {id} X-PerfectGym-Signature: {sig} body: {x22}\n",
    ),
    (
        "morgan's tokens with escaped quotes",
        "POST /pgm 200 {\\\"x-perfectgym-request\\\":\\\"{id}\\\",\\\"x-perfectgym-signature\\\":\\\"{sig}\\\"} {quoted}\n",
    ),
    (
        "a request line, and headers below a title",
        "POST /pgm HTTP/1.1\n\nHTTP headers:\nHost: h\nX-PerfectGym-Request: {id}\nX-PerfectGym-Signature: {sig}\n\nRequest body:\n{body}\n",
    ),
    (
        "nginx' debug log, which shows what is sent on as well",
        "[debug] *{n} http header: \"X-PerfectGym-Request: {id}\"\n[debug] *{n} http header: \"X-PerfectGym-Signature: {sig}\"\n[debug] *{n} http proxy header: \"X-PerfectGym-Request: {id}\"\n[debug] *{n} http proxy header: \"X-PerfectGym-Signature: {sig}\"\n{body}\n",
    ),
    (
        "curl --trace-ascii --trace-time",
        "11:09:48.916461 => Send header, 158 bytes (0x9e)\n0000: POST /pgm HTTP/1.1\n0014: X-PerfectGym-Request: {id}\n0051: X-PerfectGym-Signature: {sig}\n008b: Content-Length: 69\n009f: \n11:09:48.916488 => Send data, 69 bytes (0x45)\n{trace}11:09:48.917041 <= Recv header, 17 bytes (0x11)\n0000: HTTP/1.1 200 OK\n",
    ),
    (
        "zsh's history",
        ": 1772486100:0;cd hooks\n: 1772486110:2;curl -X POST h/pgm -H 'X-PerfectGym-Request: {id}' -H 'X-PerfectGym-Signature: {sig}' -d '{body}'\n",
    ),
    (
        "streams that tshark follows",
        "=====\nFollow: tcp,ascii\nFilter: tcp.stream eq {n}\nNode 0: 127.0.0.1:48436\nNode 1: 127.0.0.1:4720\n130\nPOST /pgm HTTP/1.1\nX-PerfectGym-Request: {id}\nX-PerfectGym-Signature: {sig}\n\n\n69\n{body}\n\t17\nHTTP/1.1 200 OK\n\n=====\n",
    ),
    (
        "a table of PostgreSQL's shell with columns for the headers",
        " id |         x_perfectgym_request         |      x_perfectgym_signature      | body\n----+--------------------------------------+----------------------------------+------\n  {n} | {id} | {sig} | {body}\n(1 row)\n\n",
    ),
    (
        "a table of MySQL's shell with columns for the headers",
        "+----+------+------+------+\n| id | X-PerfectGym-Request | X-PerfectGym-Signature | body |\n+----+------+------+------+\n|  {n} | {id} | {sig} | {body} |\n+----+------+------+------+\n1 row in set\n\n",
    ),
    (
        "a table of Markdown with columns for the headers",
        "| X-PerfectGym-Request | X-PerfectGym-Signature | Body |\n| :--- | --- | ---: |\n| {id} | {sig} | `{body}` |\n\n",
    ),
    (
        "columns with white space between them",
        "id          x_perfectgym_request                 x_perfectgym_signature           body\n----------- ------------------------------------ -------------------------------- ----------------------------------------------------------------------\n          {n} {id} {sig} {body}\n\n(1 rows affected)\n\n",
    ),
    (
        "rows of a page",
        "<table>\n  <tr>\n    <th>id</th>\n    <th>x_perfectgym_request</th>\n    <th>x_perfectgym_signature</th>\n    <th>body</th>\n  </tr>\n  <tr>\n    <td>{n}</td>\n    <td>{id}</td>\n    <td>{sig}</td>\n    <td>{xml}</td>\n  </tr>\n</table>\n",
    ),
    (
        "PostgreSQL's COPY",
        "\nCOPY public.hook (id, x_perfectgym_request, x_perfectgym_signature, body) FROM stdin;\n{n}\t{id}\t{sig}\t{body}\n\\.\n",
    ),
    (
        "PostgreSQL's INSERT with the names of columns",
        "INSERT INTO public.hook (id, x_perfectgym_request, x_perfectgym_signature, note, body) VALUES ({n}, '{id}', '{sig}', 'it''s (a) note', '{body}'::jsonb);\n",
    ),
    (
        "MySQL's INSERT with the names of columns",
        "INSERT INTO `hook` (`id`, `x_perfectgym_request`, `x_perfectgym_signature`, `seen`, `body`) VALUES\n({n}, '{id}', '{sig}', NULL, '{quoted}');\n",
    ),
    (
        "Firestore's documents",
        "{\"fields\":{\"headers\":{\"mapValue\":{\"fields\":{\"x-perfectgym-request\":{\"stringValue\":\"{id}\"},\"x-perfectgym-signature\":{\"stringValue\":\"{sig}\"}}}},\"body\":{\"mapValue\":{\"fields\":{\"event\":{\"stringValue\":\"Test\"},\"triggeredDate\":{\"stringValue\":\"2026-03-02T09:15:30Z\"},\"data\":{\"mapValue\":{\"fields\":{\"n\":{\"integerValue\":{n}}}}}}}}}}\n",
    ),
    (
        "a table of the user's own, as JSON",
        "{\"id\":{n},\"request_id\":\"{id}\",\"signature\":\"{sig}\",\"payload\":{body}}\n",
    ),
    (
        "Elastic's common schema",
        "{\"http\":{\"request\":{\"method\":\"POST\",\"headers\":{\"x-perfectgym-request\":\"{id}\",\"x-perfectgym-signature\":\"{sig}\"},\"body\":{\"content\":\"{quoted}\",\"bytes\":69}}}}\n",
    ),
    (
        "a tracing tool's lists as JSON",
        "{\"headers\":{\"x-perfectgym-request\":\"[\\\"{id}\\\"]\",\"x-perfectgym-signature\":\"[\\\"{sig}\\\"]\"},\"body\":\"{quoted}\"}\n",
    ),
    (
        "a tracing tool's tags",
        "{\"spans\":[{\"tags\":[{\"key\":\"http.request.header.x_perfectgym_request\",\"type\":\"string\",\"value\":\"[\\\"{id}\\\"]\"},{\"key\":\"http.request.header.x_perfectgym_signature\",\"type\":\"string\",\"value\":\"[\\\"{sig}\\\"]\"},{\"key\":\"http.request.body\",\"type\":\"string\",\"value\":\"{quoted}\"}]}]}\n",
    ),
    (
        "a tracing tool's tuples of Python",
        "{\"tags\":{\"http.request.header.x_perfectgym_request\":\"('{id}',)\",\"http.request.header.x_perfectgym_signature\":\"('{sig}',)\",\"http.request.body\":\"{quoted}\"}}\n",
    ),
    (
        "Java's HttpClient, its wire log",
        "10:00:01 DEBUG wire - http-outgoing-{n} >> \"POST /pgm HTTP/1.1[\\r][\\n]\"\n10:00:01 DEBUG wire - http-outgoing-{n} >> \"X-PerfectGym-Request: {id}[\\r][\\n]\"\n10:00:01 DEBUG wire - http-outgoing-{n} >> \"X-PerfectGym-Signature: {sig}[\\r][\\n]\"\n10:00:01 DEBUG wire - http-outgoing-{n} >> \"[\\r][\\n]\"\n10:00:01 DEBUG wire - http-outgoing-{n} >> \"{body}\"\n10:00:01 DEBUG wire - http-outgoing-{n} << \"HTTP/1.1 200 OK[\\r][\\n]\"\n",
    ),
    (
        "the execution log of Amazon's gateway",
        "({n}) Method request query string: {}\n({n}) Method request headers: {Host=h, X-PerfectGym-Request={id}, X-PerfectGym-Signature={sig}}\n({n}) Method request body before transformations: {body}\n",
    ),
    (
        "Docker's records, one for each line that was printed",
        "{\"log\":\"X-PerfectGym-Request: {id}\\n\",\"stream\":\"stdout\"}\n{\"log\":\"X-PerfectGym-Signature: {sig}\\n\",\"stream\":\"stdout\"}\n{\"log\":\"{quoted}\\n\",\"stream\":\"stdout\"}\n",
    ),
    (
        "pino, headers and body in two records",
        "{\"level\":30,\"req\":{\"method\":\"POST\",\"headers\":{\"host\":\"h\",\"x-perfectgym-request\":\"{id}\",\"x-perfectgym-signature\":\"{sig}\"}},\"msg\":\"incoming\"}\n{\"level\":30,\"body\":{body},\"msg\":\"parsed\"}\n",
    ),
    (
        "lines of headers behind their body, as a log shows them newest first",
        "{body}\nX-PerfectGym-Signature: {sig}\nX-PerfectGym-Request: {id}\n",
    ),
    (
        "PowerShell's Format-List",
        "Key   : Host\nValue : {h}\n\nKey   : X-PerfectGym-Request\nValue : {{id}}\n\nKey   : X-PerfectGym-Signature\nValue : {{sig}}\n\n{body}\n",
    ),
    (
        "a list in Markdown",
        "1. **X-PerfectGym-Request** – `{id}`\n2. **X-PerfectGym-Signature** – `{sig}`\n3. **Body** – `{body}`\n",
    ),
    (
        "names and values in two columns",
        "Host\th\nX-PerfectGym-Request\t{id}\nX-PerfectGym-Signature\t{sig}\n{body}\n",
    ),
    (
        "a part of a page",
        "<dl><dt>X-PerfectGym-Request</dt><dd>{id}</dd><dt>X-PerfectGym-Signature</dt><dd><pre>{sig}</pre></dd></dl><pre>{xml}</pre>\n",
    ),
    (
        "Express, two calls of console.log",
        "headers {\n  host: 'h',\n  'x-perfectgym-request': '{id}',\n  'x-perfectgym-signature': '{sig}'\n}\nbody { event: 'Test', triggeredDate: '2026-03-02T09:15:30Z', data: { n: {n} } }\n",
    ),
    (
        "Express, one call",
        "Webhook {\n  'x-perfectgym-request': '{id}',\n  'x-perfectgym-signature': '{sig}'\n} {\n  event: 'Test',\n  triggeredDate: '2026-03-02T09:15:30Z',\n  data: { n: {n}, more: [Object], list: [ 1, ... 3 more items ] }\n}\n",
    ),
    (
        "Fetch API's Request",
        "Request {\n  headers: Headers {\n    \"x-perfectgym-request\": \"{id}\",\n    \"x-perfectgym-signature\": \"{sig}\"\n  },\n  method: \"POST\",\n  redirect: undefined\n}\n{ event: \"Test\", triggeredDate: \"2026-03-02T09:15:30Z\", data: { n: {n} } }\n",
    ),
    (
        "Flask's dicts in a log",
        "INFO in app: Headers: {'Host': 'h', 'X-Perfectgym-Request': '{id}', 'X-Perfectgym-Signature': '{sig}'}\nINFO in app: Body: {'event': 'Test', 'triggeredDate': '2026-03-02T09:15:30Z', 'data': {'n': {n}}}\n127.0.0.1 - - \"POST /pgm HTTP/1.1\" 200 -\n",
    ),
    (
        "Python's tuples and bytes",
        "EnvironHeaders([('Host', 'h'), ('X-Perfectgym-Request', '{id}'), ('X-Perfectgym-Signature', '{sig}')])\nb'{body}'\n",
    ),
    (
        "Django's META",
        "{'CONTENT_TYPE': 'application/json', 'HTTP_HOST': 'h', 'HTTP_X_PERFECTGYM_REQUEST': '{id}', 'HTTP_X_PERFECTGYM_SIGNATURE': '{sig}'}\n{body}\n",
    ),
    (
        "Ruby's pp",
        "{:headers=>\n  {\"HTTP_HOST\"=>\"h\",\n   \"HTTP_X_PERFECTGYM_REQUEST\"=>\"{id}\",\n   \"HTTP_X_PERFECTGYM_SIGNATURE\"=>\"{sig}\"},\n :params=>\n  {\"event\"=>\"Test\", \"triggeredDate\"=>\"2026-03-02T09:15:30Z\", \"data\"=>{\"n\"=>{n}}}}\n",
    ),
    (
        "names and values in the message of a log's record",
        "{\"level\":\"INFO\",\"message\":\"webhook x-perfectgym-request={id} x-perfectgym-signature={sig} body={quoted}\"}\n",
    ),
    (
        "an HTTP request below other lines, in the message of a log's record",
        "{\"level\":\"TRACE\",\"message\":\"Incoming Request: 2d66\\nRemote: 127.0.0.1\\nPOST http://h/pgm HTTP/1.1\\nX-PerfectGym-Request: {id}\\nX-PerfectGym-Signature: {sig}\\n\\n{quoted}\"}\n",
    ),
    (
        ".NET's log of HTTP, with what its message says as members",
        "{\"Message\":\"Request:\\nProtocol: HTTP/1.1\\nX-PerfectGym-Request: {id}\\nX-PerfectGym-Signature: {sig}\",\"State\":{\"Message\":\"Request\",\"Method\":\"POST\",\"X-PerfectGym-Request\":\"{id}\",\"X-PerfectGym-Signature\":\"{sig}\"}}\n{\"Message\":\"RequestBody: {quoted}\",\"State\":{\"Message\":\"RequestBody: {quoted}\",\"Body\":\"{quoted}\"}}\n",
    ),
    (
        "a table of headers in Markdown above JSON of many lines",
        "Got this:\n\n| Header | Value |\n| --- | --- |\n| `Host` | `h` |\n| `X-PerfectGym-Request` | `{id}` |\n| `X-PerfectGym-Signature` | `{sig}` |\n\n```json\n{\n  \"event\": \"Test\",\n  \"triggeredDate\": \"2026-03-02T09:15:30Z\",\n  \"data\": {\n    \"n\": {n}\n  }\n}\n```\n\n",
    ),
    (
        "Ruby's env with objects in it",
        "{\"rack.version\"=>[1, 6], \"rack.errors\"=>#<IO:<STDERR>>, \"HTTP_HOST\"=>\"h\", \"HTTP_X_PERFECTGYM_REQUEST\"=>\"{id}\", \"HTTP_X_PERFECTGYM_SIGNATURE\"=>\"{sig}\", \"a\"=>#<A:0x1 @b=#<B:0x2 @c={:d=>\"}>\"}>, @e=->{}>, \"rack.hijack\"=>\n  #<Proc:0x1 /a.rb:83 (lambda)>}\n{body}\n",
    ),
    (
        "Ruby's struct",
        "#<struct Hook headers={\"X-PerfectGym-Request\"=>\"{id}\", \"X-PerfectGym-Signature\"=>\"{sig}\"}, body=\"{quoted}\">\n",
    ),
    (
        "a log of headers, raw body and parsed body",
        "INFO headers: {'x-perfectgym-request': '{id}', 'x-perfectgym-signature': '{sig}'}\nINFO raw body: {body}\nINFO parsed: {'data': {'n': {n}}, 'event': 'Test', 'triggeredDate': '2026-03-02T09:15:30Z'}\n",
    ),
    (
        "a log of headers, parsed body and raw body, in records",
        "{\"msg\":\"a\",\"headers\":{\"x-perfectgym-request\":\"{id}\",\"x-perfectgym-signature\":\"{sig}\"}}\n{\"msg\":\"b\",\"body\":{\"data\":{\"n\":{n}},\"event\":\"Test\",\"triggeredDate\":\"2026-03-02T09:15:30Z\"}}\n{\"msg\":\"c\",\"rawBody\":\"{quoted}\"}\n",
    ),
    (
        "a parsed body, the raw one, and the headers",
        "body: {'event': 'Test', 'triggeredDate': '2026-03-02T09:15:30Z', 'data': {'n': {n}}}\nraw: {body}\nheaders: {'x-perfectgym-request': '{id}', 'x-perfectgym-signature': '{sig}'}\n",
    ),
    (
        "PHP's print_r of headers and of a parsed body behind the raw one",
        "Array\n(\n    [X-PerfectGym-Request] => {id}\n    [X-PerfectGym-Signature] => {sig}\n)\n{body}\nArray\n(\n    [event] => Test\n    [triggeredDate] => 2026-03-02T09:15:30Z\n    [data] => Array\n        (\n            [n] => {n}\n        )\n\n)\n",
    ),
    (
        "psql's records with jsonb and text",
        "-[ RECORD {n} ]-----\nheaders | {\"x-perfectgym-request\": \"{id}\", \"x-perfectgym-signature\": \"{sig}\"}\nbody    | {\"data\": {\"n\": {n}}, \"event\": \"Test\", \"triggeredDate\": \"2026-03-02T09:15:30Z\"}\nraw     | {body}\n",
    ),
    (
        "Go's struct",
        "2026/03/02 09:15:31 headers=map[X-Perfectgym-Request:[{id}] X-Perfectgym-Signature:[{sig}]] payload={Event:Test TriggeredDate:2026-03-02T09:15:30Z Data:map[n:{n}]}\n",
    ),
    (
        "Go's struct on a line of its own, with a time",
        "headers: map[X-Perfectgym-Request:[{id}] X-Perfectgym-Signature:[{sig}]]\n&{Event:Test TriggeredDate:2026-03-02 09:15:30 +0000 UTC Data:{n:{n}}}\n",
    ),
    (
        "a struct as JSON, with names as its language has them",
        "{\"RequestHeaders\":{\"X-PerfectGym-Request\":\"{id}\",\"X-PerfectGym-Signature\":\"{sig}\"},\"Payload\":{\"Event\":\"Test\",\"TriggeredDate\":\"2026-03-02T09:15:30Z\",\"Data\":{\"n\":{n}}}}\n",
    ),
    (
        "a dataclass of Python",
        "{'X-Perfectgym-Request': '{id}', 'X-Perfectgym-Signature': '{sig}'}\nEvent(event='Test', triggered_date='2026-03-02T09:15:30Z', data={'n': {n}})\n",
    ),
    (
        "a data class of Kotlin",
        "Headers [X-PerfectGym-Request:\"{id}\", X-PerfectGym-Signature:\"{sig}\"]\nHook(event=Test, triggeredDate=2026-03-02T09:15:30Z, data={n={n}})\n",
    ),
    (
        "PHP's print_r of an object in an object",
        "Array\n(\n    [X-PerfectGym-Request] => {id}\n    [X-PerfectGym-Signature] => {sig}\n)\nstdClass Object\n(\n    [event] => Test\n    [triggeredDate] => 2026-03-02T09:15:30Z\n    [data] => stdClass Object\n        (\n            [n] => {n}\n        )\n\n)\n",
    ),
    (
        "PHP's var_dump of an object in an object",
        "object(stdClass)#3 (2) {\n  [\"headers\"]=>\n  object(App\\Bag)#4 (1) {\n    [\"headers\":protected]=>\n    array(2) {\n      [\"x-perfectgym-request\"]=>\n      array(1) {\n        [0]=>\n        string(36) \"{id}\"\n      }\n      [\"x-perfectgym-signature\"]=>\n      array(1) {\n        [0]=>\n        string(32) \"{sig}\"\n      }\n    }\n    [\"cacheControl\":protected]=>\n    array(0) {\n    }\n  }\n  [\"body\"]=>\n  object(stdClass)#1 (3) {\n    [\"event\"]=>\n    string(4) \"Test\"\n    [\"triggeredDate\"]=>\n    string(20) \"2026-03-02T09:15:30Z\"\n    [\"data\"]=>\n    object(stdClass)#2 (1) {\n      [\"n\"]=>\n      int({n})\n    }\n  }\n}\n",
    ),
    (
        "PHP's var_export of an object",
        "array (\n  'X-PerfectGym-Request' => '{id}',\n  'X-PerfectGym-Signature' => '{sig}',\n)\n(object) array(\n   'event' => 'Test',\n   'triggeredDate' => '2026-03-02T09:15:30Z',\n   'data' => \n  (object) array(\n     'n' => {n},\n  ),\n)\n",
    ),
    (
        "Elixir's inspect",
        "09:15:31.123 [info] headers: [{\"host\", \"h\"}, {\"x-perfectgym-request\", \"{id}\"}, {\"x-perfectgym-signature\", \"{sig}\"}] body: \"{quoted}\"\n",
    ),
    (
        "Plug.Conn",
        "%Plug.Conn{\n  body_params: %{\"data\" => %{\"n\" => {n}}, \"event\" => \"Test\", \"triggeredDate\" => \"2026-03-02T09:15:30Z\"},\n  owner: #PID<0.1.0>,\n  req_headers: [\n    {\"x-perfectgym-request\", \"{id}\"},\n    {\"x-perfectgym-signature\", \"{sig}\"}\n  ]\n}\n",
    ),
    (
        "PHP's var_dump",
        "array(3) {\n  [\"HTTP_HOST\"]=>\n  string(1) \"h\"\n  [\"HTTP_X_PERFECTGYM_REQUEST\"]=>\n  string(36) \"{id}\"\n  [\"HTTP_X_PERFECTGYM_SIGNATURE\"]=>\n  string(32) \"{sig}\"\n  [\"REQUEST_TIME_FLOAT\"]=>\n  float(1.5)\n  [\"argv\"]=>\n  array(0) {\n  }\n}\n{body}\n",
    ),
    (
        "PHP's print_r",
        "Array\n(\n    [Host] => h\n    [Accept] => text/html, */*\n    [Empty] => \n    [X-PerfectGym-Request] => {id}\n    [X-PerfectGym-Signature] => {sig}\n)\n{body}\n",
    ),
    (
        "PHP's var_export",
        "array (\n  'Host' => 'h',\n  'X-PerfectGym-Request' => '{id}',\n  'X-PerfectGym-Signature' => '{sig}',\n)\n{body}\n",
    ),
    (
        "Go's %v",
        "2026/03/02 09:15:31 headers=map[Content-Type:[application/json; charset=utf-8] X-Perfectgym-Request:[{id}] X-Perfectgym-Signature:[{sig}]] body={body}\n",
    ),
    (
        "Go's %q",
        "2026/03/02 09:15:31 headers: map[\"Host\":[\"h\"] \"X-Perfectgym-Request\":[\"{id}\"] \"X-Perfectgym-Signature\":[\"{sig}\"]] body: \"{quoted}\"\n",
    ),
    (
        "Go's %#v",
        "headers http.Header{\"Host\":[]string{\"h\"}, \"X-Perfectgym-Request\":[]string{\"{id}\"}, \"X-Perfectgym-Signature\":[]string{\"{sig}\"}} body []byte(\"{quoted}\")\n",
    ),
    (
        "Go's request",
        "&{Method:POST URL:/pgm Header:map[X-Perfectgym-Request:[{id}] X-Perfectgym-Signature:[{sig}]] Body:{Reader:0xc00005c6f0} GetBody:<nil> TransferEncoding:[] Host:h}\n{body}\n",
    ),
    (
        "Java's entry set",
        "INFO 1 --- [nio-8080-exec-1] Controller : Headers: [Connection=[close], Host=[127.0.0.1:80], X-perfectgym-signature=[{sig}], X-perfectgym-request=[{id}]] Body: {body}\n",
    ),
    (
        "Spring's request log",
        "After request [uri=/pgm;client=127.0.0.1;headers={host=[h], x-perfectgym-request=[{id}], x-perfectgym-signature=[{sig}]};payload={body}]\n",
    ),
    (
        "Spring 5's request log",
        "After request [POST /pgm, client=127.0.0.1, headers=[host:\"h\", x-perfectgym-request:\"{id}\", x-perfectgym-signature:\"{sig}\"], payload={body}]\n",
    ),
    (
        "Rust's debug print",
        "[src/main.rs:12:5] &headers = {\n    \"host\": \"h\",\n    \"x-perfectgym-request\": \"{id}\",\n    \"x-perfectgym-signature\": \"{sig}\",\n}\n[src/main.rs:13:5] &body = \"{quoted}\"\n",
    ),
    (
        "Rust's request",
        "Request { method: POST, uri: /pgm?a=b, version: HTTP/1.1, headers: {\"x-perfectgym-request\": \"{id}\", \"x-perfectgym-signature\": \"{sig}\"}, body: \"{quoted}\" }\n",
    ),
    (
        "JSON behind a level",
        "INFO  09:15:31 received {\"headers\":{\"x-perfectgym-request\":\"{id}\",\"x-perfectgym-signature\":\"{sig}\"},\"body\":{body}}\n",
    ),
    (
        "JSON of headers, then of the body",
        "{\n  \"X-PerfectGym-Request\": \"{id}\",\n  \"X-PerfectGym-Signature\": \"{sig}\"\n}\n{body}\n",
    ),
    (
        "YAML",
        "- request:\n    method: POST\n    headers:\n      X-PerfectGym-Request:\n      - {id}\n      X-PerfectGym-Signature:\n      - {sig}\n    body: '{body}'\n",
    ),
    (
        "wget",
        "wget --method POST \\\n  --header 'X-PerfectGym-Request: {id}' \\\n  --header 'X-PerfectGym-Signature: {sig}' \\\n  --body-data '{body}' \\\n  'https://h/pgm'\n",
    ),
    (
        "curl for cmd",
        "curl ^\"https://h/pgm^\" ^\n  -H ^\"X-PerfectGym-Request: {id}^\" ^\n  -H ^\"X-PerfectGym-Signature: {sig}^\" ^\n  --data-raw ^\"{cmd}^\"\n",
    ),
    (
        "PowerShell, as browsers copy it",
        "Invoke-WebRequest -UseBasicParsing -Uri \"https://h/pgm\" `\n-Method \"POST\" `\n-Headers @{\n\"accept\"=\"*/*\"\n  \"X-PerfectGym-Request\"=\"{id}\"\n  \"X-PerfectGym-Signature\"=\"{sig}\"\n} `\n-ContentType \"application/json\" `\n-Body ([System.Text.Encoding]::UTF8.GetBytes(\"{ticks}\"))\n",
    ),
    (
        "PowerShell with variables",
        "$headers = New-Object \"System.Collections.Generic.Dictionary[[String],[String]]\"\n$headers.Add(\"X-PerfectGym-Request\", \"{id}\")\n$headers.Add(\"X-PerfectGym-Signature\", \"{sig}\")\n\n$body = @\"\n{body}\n\"@\n\n$response = Invoke-RestMethod 'https://h/pgm' -Method 'POST' -Headers $headers -Body $body\n",
    ),
    (
        "fetch, as browsers copy it",
        "fetch(\"https://h/pgm\", {\n  \"headers\": {\n    \"accept\": \"*/*\",\n    \"x-perfectgym-request\": \"{id}\",\n    \"x-perfectgym-signature\": \"{sig}\"\n  },\n  \"body\": \"{quoted}\",\n  \"method\": \"POST\"\n});\n",
    ),
    (
        "HTTPie's items",
        "http POST https://h/pgm X-PerfectGym-Request:{id} X-PerfectGym-Signature:{sig} event=Test triggeredDate=2026-03-02T09:15:30Z data:='{\"n\": {n}}'\n",
    ),
    (
        "HTTPie with a raw body",
        "http POST 'https://h/pgm?a=b' \\\n  X-PerfectGym-Request:{id} \\\n  X-PerfectGym-Signature:{sig} \\\n  --raw '{body}'\n",
    ),
    (
        "a body piped into HTTPie",
        "$ echo -n '{body}' | http POST https://h/pgm X-PerfectGym-Request:{id} X-PerfectGym-Signature:{sig}\n",
    ),
    (
        "curl with a here-document",
        "curl -H 'X-PerfectGym-Request: {id}' -H 'X-PerfectGym-Signature: {sig}' --data-binary @- https://h/pgm <<'EOF'\n{body}\nEOF\n",
    ),
    (
        "curl -v, its body printed",
        "* Connected to h (127.0.0.1) port 80\n> POST /pgm HTTP/1.1\n> Host: h\n> X-PerfectGym-Request: {id}\n> X-PerfectGym-Signature: {sig}\n> \n{body}\n* upload completely sent off: 80 bytes\n< HTTP/1.1 200 OK\n< \nOk\n",
    ),
    (
        "curl --trace-ascii",
        "== Info: Connected\n=> Send header, 150 bytes (0x96)\n0000: POST /pgm HTTP/1.1\n0014: X-PerfectGym-Request: {id}\n0050: X-PerfectGym-Signature: {sig}\n008a: \n=> Send data, 80 bytes (0x50)\n0000: {body}\n<= Recv header, 17 bytes (0x11)\n0000: HTTP/1.1 200 OK\n",
    ),
    (
        "mod_dumpio",
        "[Sun Mar 01 17:42:09.5 2026] [dumpio:trace7] [pid 1] mod_dumpio.c(58): [client 127.0.0.1:9] mod_dumpio:  dumpio_in (data-HEAP): 20 bytes\n[Sun Mar 01 17:42:09.6 2026] [dumpio:trace7] [pid 1] mod_dumpio.c(100): [client 127.0.0.1:9] mod_dumpio:  dumpio_in (data-HEAP): POST /pgm HTTP/1.1\\r\\n\n[Sun Mar 01 17:42:09.6 2026] [dumpio:trace7] [pid 1] mod_dumpio.c(100): [client 127.0.0.1:9] mod_dumpio:  dumpio_in (data-HEAP): X-PerfectGym-Request: {id}\\r\\n\n[Sun Mar 01 17:42:09.6 2026] [dumpio:trace7] [pid 1] mod_dumpio.c(100): [client 127.0.0.1:9] mod_dumpio:  dumpio_in (data-HEAP): X-PerfectGym-Signature: {sig}\\r\\n\n[Sun Mar 01 17:42:09.6 2026] [dumpio:trace7] [pid 1] mod_dumpio.c(100): [client 127.0.0.1:9] mod_dumpio:  dumpio_in (data-HEAP): \\r\\n\n[Sun Mar 01 17:42:09.6 2026] [dumpio:trace7] [pid 1] mod_dumpio.c(100): [client 127.0.0.1:9] mod_dumpio:  dumpio_in (data-HEAP): {body}\n",
    ),
    (
        "Python's http.client",
        "send: b'POST /pgm HTTP/1.1\\r\\nHost: h\\r\\nX-PerfectGym-Request: {id}\\r\\nX-PerfectGym-Signature: {sig}\\r\\n\\r\\n'\nsend: b'{body}'\nreply: 'HTTP/1.1 200 OK\\r\\n'\nheader: Content-Length: 2\n",
    ),
    (
        "Symfony's dump",
        "Symfony\\Component\\HttpFoundation\\HeaderBag {#12\n  #headers: array:2 [\n    \"x-perfectgym-request\" => array:1 [\n      0 => \"{id}\"\n    ]\n    \"x-perfectgym-signature\" => array:1 [\n      0 => \"{sig}\"\n    ]\n  ]\n  #cacheControl: []\n}\n\"{body}\"\n",
    ),
    (
        "Laravel's dd",
        "array:3 [▼ // routes/web.php:12\n  \"host\" => array:1 [▶]\n  \"x-perfectgym-request\" => array:1 [▼\n    0 => \"{id}\"\n  ]\n  \"x-perfectgym-signature\" => array:1 [▼\n    0 => \"{sig}\"\n  ]\n]\n\"{quoted}\"\n",
    ),
    (
        "PHP's error_log",
        "[02-Mar-2026 09:15:31 UTC] Array\n(\n    [Host] => h\n    [X-PerfectGym-Request] => {id}\n    [X-PerfectGym-Signature] => {sig}\n)\n\n[02-Mar-2026 09:15:31 UTC] {body}\n",
    ),
    (
        "Django's META with objects",
        "{'CONTENT_TYPE': 'application/json',\n 'HTTP_X_PERFECTGYM_REQUEST': '{id}',\n 'HTTP_X_PERFECTGYM_SIGNATURE': '{sig}',\n 'wsgi.input': <django.core.handlers.wsgi.LimitedStream object at 0x7f1>}\nb'{body}'\n",
    ),
    (
        "Flask's headers as text",
        "DEBUG:app:Host: h\r\nX-Perfectgym-Request: {id}\r\nX-Perfectgym-Signature: {sig}\r\n\r\n\nDEBUG:app:b'{body}'\n",
    ),
    (
        "Go's dumped request as %q",
        "2026/03/02 09:15:31 \"POST /pgm HTTP/1.1\\r\\nHost: h\\r\\nX-Perfectgym-Request: {id}\\r\\nX-Perfectgym-Signature: {sig}\\r\\n\\r\\n{quoted}\"\n",
    ),
    (
        "logfmt",
        "time=\"2026-03-02T09:15:31Z\" level=info X-Perfectgym-Request={id} X-Perfectgym-Signature={sig} body=\"{quoted}\"\n",
    ),
    (
        ".NET's pairs",
        "[Host, hooks.example.org]\n[X-PerfectGym-Request, {id}]\n[X-PerfectGym-Signature, {sig}]\n{body}\n",
    ),
    (
        ".NET's HTTP logging",
        "info: HttpLoggingMiddleware[1]\n      Request:\n      Protocol: HTTP/1.1\n      Method: POST\n      X-PerfectGym-Request: {id}\n      X-PerfectGym-Signature: {sig}\ninfo: HttpLoggingMiddleware[3]\n      RequestBody: {body}\ninfo: HttpLoggingMiddleware[2]\n      Response:\n      StatusCode: 200\n",
    ),
    (
        "console.table",
        "│ (index)                │ Values │\n│ x-perfectgym-request   │ '{id}' │\n│ x-perfectgym-signature │ '{sig}' │\n{body}\n",
    ),
    (
        "ngrep",
        "T 127.0.0.1:5 -> 127.0.0.1:80 [AP] #1\nPOST /pgm HTTP/1.1.\nX-PerfectGym-Request: {id}.\nX-PerfectGym-Signature: {sig}.\n.\n{body}\n\n",
    ),
    (
        "nginx's lines of JSON",
        "{\"http_x_perfectgym_request\":\"{id}\",\"http_x_perfectgym_signature\":\"{sig}\",\"http_host\":\"h\",\"request_body\":\"{quoted}\"}\n",
    ),
    (
        "Insomnia's timeline",
        "* Connected to h\n\n> POST /pgm HTTP/1.1\n> Host: h\n> X-PerfectGym-Request: {id}\n> X-PerfectGym-Signature: {sig}\n\n| {body}\n\n* upload completely sent off: 80 bytes\n\n< HTTP/1.1 200 OK\n\n",
    ),
    (
        "Colors of a terminal",
        "\u{1b}[36mX-PerfectGym-Request\u{1b}[39;49;00m: {id}\n\u{1b}[36mX-PerfectGym-Signature\u{1b}[0m: {sig}\n\n{body}\n",
    ),
];

/// Documents around requests: what stands before them, the form of one, between them, and behind.
const DOCUMENTS: &[(&str, [&str; 4])] = &[
    (
        "lines behind the name of a container",
        [
            "web-1  | Listening\ndb-1   | ready\n",
            "web-1  | Headers: {\nweb-1  |   'x-perfectgym-request': '{id}',\ndb-1   | query {\nweb-1  |   'x-perfectgym-signature': '{sig}'\nweb-1  | }\nweb-1  | Body: {\nweb-1  |   event: 'Test',\nweb-1  |   triggeredDate: '2026-03-02T09:15:30Z',\nweb-1  |   data: {\nweb-1  |     n: {n}\nweb-1  |   }\nweb-1  | }\nweb-1  |\n",
            "",
            "",
        ],
    ),
    (
        "lines behind times, a stream and a flag",
        [
            "",
            "2026-03-02T21:15:00.000000001Z stdout F {\n2026-03-02T21:15:00.000000002Z stdout F   \"x-perfectgym-request\": \"{id}\",\n2026-03-02T21:15:00.000000003Z stderr F   \"x-perfectgym-signature\": \"{sig}\"\n2026-03-02T21:15:00.000000004Z stdout F }\n2026-03-02T21:15:00.000000005Z stdout F {\n2026-03-02T21:15:00.000000006Z stdout F   \"event\": \"Test\",\n2026-03-02T21:15:00.000000007Z stdout F   \"triggeredDate\": \"2026-03-02T09:15:30Z\",\n2026-03-02T21:15:00.000000008Z stdout F   \"data\": {\n2026-03-02T21:15:00.000000009Z stdout F     \"n\": {n}\n2026-03-02T21:15:00.000000010Z stdout F   }\n2026-03-02T21:15:00.000000011Z stdout F }\n",
            "",
            "",
        ],
    ),
    (
        "lines of a journal with PHP's dump",
        [
            "Mar 02 21:15:00 web01 php[812]: start\n",
            "Mar 02 21:15:59 web01 php[812]: array(2) {\nMar 02 21:15:59 web01 php[812]:   [\"X-PerfectGym-Request\"]=>\nMar 02 21:15:59 web01 php[812]:   string(36) \"{id}\"\nMar 02 21:15:59 web01 php[812]:   [\"X-PerfectGym-Signature\"]=>\nMar 02 21:16:00 web01 php[1013]:   string(32) \"{sig}\"\nApr  1 21:16:00 web01 php[812]: }\nApr 12 21:16:00 web01 php[812]: {body}\n",
            "",
            "",
        ],
    ),
    (
        "lines with a level that touches them",
        [
            "",
            "2026-03-02T21:15:00Z app[148e] ams [info]Headers: {\n2026-03-02T21:15:00Z app[148e] ams [info]  'x-perfectgym-request': '{id}',\n2026-03-02T21:15:00Z app[148e] ams [info]  'x-perfectgym-signature': '{sig}'\n2026-03-02T21:15:00Z app[148e] ams [info]}\n2026-03-02T21:15:00Z app[148e] ams [error]Body: {\n2026-03-02T21:15:00Z app[148e] ams [info]  event: 'Test',\n2026-03-02T21:15:00Z app[148e] ams [info]  triggeredDate: '2026-03-02T09:15:30Z',\n2026-03-02T21:15:00Z app[148e] ams [info]  data: { n: {n} }\n2026-03-02T21:15:00Z app[148e] ams [info]}\n",
            "",
            "",
        ],
    ),
    (
        "records with the headers in one message, the body in the next",
        [
            "[",
            "{\"message\":\"Request:\\nProtocol: HTTP/1.1\\nX-PerfectGym-Request: {id}\\nX-PerfectGym-Signature: {sig}\"},\n{\"message\":\"RequestBody: {quoted}\"}",
            ",",
            "]",
        ],
    ),
    (
        "comments of a ticket as JSON",
        [
            "{\"comments\":[",
            "{\"id\":{n},\"body\":\"Hello\\n\\nX-PerfectGym-Request: {id}\\nX-PerfectGym-Signature: {sig}\\n\\n{quoted}\\n\\nRegards\",\"html_body\":\"<p>X-PerfectGym-Request: {id}<br>X-PerfectGym-Signature: {sig}</p>\"}",
            ",",
            "]}",
        ],
    ),
    (
        "issues with a fence, as JSON",
        [
            "[",
            "{\"title\":\"401\",\"user\":{\"login\":\"x\"},\"body\":\"Hi\\r\\n\\r\\n```http\\r\\nPOST /pgm HTTP/1.1\\r\\nX-PerfectGym-Request: {id}\\r\\nX-PerfectGym-Signature: {sig}\\r\\n\\r\\n{quoted}\\r\\n```\\r\\n\"}",
            ",",
            "]",
        ],
    ),
    (
        "messages of a chat, with their text once more in blocks",
        [
            "[",
            "{\"type\":\"message\",\"text\":\"so:\\n```X-PerfectGym-Request: {id}\\nX-PerfectGym-Signature: {sig}\\n\\n{quoted}```\",\"blocks\":[{\"elements\":[{\"text\":\"X-PerfectGym-Request: {id}\\nX-PerfectGym-Signature: {sig}\\n\\n{quoted}\"}]}]}",
            ",",
            "]",
        ],
    ),
    (
        "tickets as CSV",
        [
            "id,subject,description\n",
            "{n},401,\"Hello,\nwe got:\nX-PerfectGym-Request: {id}\nX-PerfectGym-Signature: {sig}\n\n{csv}\nRegards\"\n",
            "",
            "",
        ],
    ),
    (
        "the events of a log service, one a line, in a list",
        [
            "{\"events\":[",
            "{\"timestamp\":1,\"message\":\"Headers: {\"},{\"timestamp\":1,\"message\":\"  'x-perfectgym-request': '{id}',\"},{\"timestamp\":1,\"message\":\"  'x-perfectgym-signature': '{sig}'\"},{\"timestamp\":1,\"message\":\"}\"},{\"timestamp\":1,\"message\":\"Body: {quoted}\"}",
            ",",
            "],\"nextToken\":\"x\"}",
        ],
    ),
    (
        "rows of times and lines, in streams",
        [
            "{\"data\":{\"result\":[{\"stream\":{\"app\":\"x\"},\"values\":[",
            "[\"1\",\"X-PerfectGym-Request: {id}\"],[\"2\",\"X-PerfectGym-Signature: {sig}\"],[\"3\",\"{quoted}\"]",
            ",",
            "]}]}}",
        ],
    ),
    (
        "rows of fields, one of them the line",
        [
            "{\"results\":[",
            "[{\"field\":\"@ptr\",\"value\":\"x\"},{\"field\":\"@message\",\"value\":\"X-PerfectGym-Request: {id}\"}],[{\"field\":\"@ptr\",\"value\":\"x\"},{\"field\":\"@message\",\"value\":\"X-PerfectGym-Signature: {sig}\"}],[{\"field\":\"@ptr\",\"value\":\"x\"},{\"field\":\"@message\",\"value\":\"{quoted}\"}]",
            ",",
            "]}",
        ],
    ),
    (
        "what a terminal showed, as a recording",
        [
            "{\"version\": 2, \"width\": 80}\n",
            "[0.5, \"o\", \"X-PerfectGym-Request: {id}\\r\\n\"]\n[1.0, \"o\", \"X-PerfectGym-Signature: {sig}\\r\\n\"]\n[1.5, \"o\", \"{quoted}\\r\\n\"]\n",
            "",
            "",
        ],
    ),
    (
        "hstore of PostgreSQL",
        [
            "id,headers,payload\n",
            "{n},\"\"\"host\"\"=>\"\"h\"\", \"\"x-perfectgym-request\"\"=>\"\"{id}\"\", \"\"x-perfectgym-signature\"\"=>\"\"{sig}\"\"\",\"{csv}\"",
            "\n",
            "\n",
        ],
    ),
    (
        "a list of entries in XML",
        [
            "<all>",
            "<request><headers><entry key=\"Host\">h</entry><entry key=\"X-PerfectGym-Request\">{id}</entry><entry key=\"X-PerfectGym-Signature\">{sig}</entry></headers><body>{xml}</body></request>",
            "",
            "</all>",
        ],
    ),
    ("records in base64", ["{\"Records\":[", "{\"kinesis\":{\"data\":\"{record64}\"}}", ",", "]}"]),
    (
        "texts in a log service's export",
        [
            "[",
            "{\"event_message\":\"Headers {\\\"x-perfectgym-request\\\": \\\"{id}\\\", \\\"x-perfectgym-signature\\\": \\\"{sig}\\\"}\",\"id\":1},{\"event_message\":\"Body {quoted}\",\"id\":2}",
            ",",
            "]",
        ],
    ),
    (
        "attributes of spans",
        [
            "{\"spans\":[",
            "{\"attributes\":[{\"key\":\"http.request.header.x-perfectgym-request\",\"value\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"{id}\"}]}}},{\"key\":\"http.request.header.x-perfectgym-signature\",\"value\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"{sig}\"}]}}},{\"key\":\"http.request.body\",\"value\":{\"stringValue\":\"{quoted}\"}}]}",
            ",",
            "]}",
        ],
    ),
    (
        "XML",
        [
            "<?xml version=\"1.0\"?><items>",
            "<item><request base64=\"true\"><![CDATA[{http64}]]></request><status>200</status></item>",
            "",
            "</items>",
        ],
    ),
    (
        "XML with elements",
        [
            "<session>",
            "<transaction><request><headers><header><name>X-PerfectGym-Request</name><value>{id}</value></header><header><name>X-PerfectGym-Signature</name><value>{sig}</value></header></headers><body><text>{xml}</text></body></request></transaction>",
            "",
            "</session>",
        ],
    ),
    (
        "messages of SQS",
        [
            "{\"Messages\":[",
            "{\"MessageId\":\"m\",\"Body\":\"{quoted}\",\"MessageAttributes\":{\"X-PerfectGym-Request\":{\"StringValue\":\"{id}\",\"DataType\":\"String\"},\"X-PerfectGym-Signature\":{\"StringValue\":\"{sig}\",\"DataType\":\"String\"}}}",
            ",",
            "]}",
        ],
    ),
    (
        "Envoy's taps",
        [
            "[",
            "{\"http_buffered_trace\":{\"request\":{\"headers\":[{\"key\":\":method\",\"value\":\"POST\"},{\"key\":\"x-perfectgym-request\",\"value\":\"{id}\"},{\"key\":\"x-perfectgym-signature\",\"value\":\"{sig}\"}],\"body\":{\"truncated\":false,\"as_bytes\":\"{body64}\"}},\"response\":{\"headers\":[{\"key\":\":status\",\"value\":\"200\"}]}}}",
            ",",
            "]",
        ],
    ),
    (
        "Wireshark's PDML",
        [
            "<?xml version=\"1.0\"?>\n<pdml>",
            "<packet><proto name=\"frame\" pos=\"0\"><field name=\"frame.number\" show=\"4\"/></proto><proto name=\"http\"><field show=\"POST /pgm HTTP/1.1\\r\\n\" size=\"20\"><field name=\"http.request.method\" show=\"POST\" value=\"504f5354\"/></field><field name=\"http.request.line\" show=\"X-PerfectGym-Request: {id}&#xa;\"/><field name=\"http.request.line\" show=\"X-PerfectGym-Signature: {sig}\"/><field name=\"http.file_data\" show=\"{xml}\" value=\"{hex}\"/></proto></packet>",
            "",
            "</pdml>",
        ],
    ),
    (
        "tshark's JSON",
        [
            "[",
            "{\"_source\":{\"layers\":{\"frame\":{\"frame.number\":\"1\"},\"http\":{\"POST /pgm HTTP/1.1\\\\r\\\\n\":{\"http.request.method\":\"POST\"},\"http.request.line\":\"Host: h\\r\\n\",\"http.request.line\":\"X-PerfectGym-Request: {id}\\r\\n\",\"http.request.line\":\"X-PerfectGym-Signature: {sig}\\r\\n\",\"http.file_data\":\"{colons}\"}}}}",
            ",",
            "]",
        ],
    ),
    (
        "tshark's lines for Elasticsearch",
        [
            "",
            "{\"index\":{\"_index\":\"packets-2026-03-01\"}}\n{\"timestamp\":\"1772386929250\",\"layers\":{\"http\":{\"http_http_request_line\":[\"Host: h\\r\\n\",\"X-PerfectGym-Request: {id}\\r\\n\",\"X-PerfectGym-Signature: {sig}\\r\\n\"],\"http_http_file_data\":\"{quoted}\"}}}\n",
            "",
            "",
        ],
    ),
    (
        "a table of log texts",
        [
            "timestamp,message\n",
            "1,\"headers {\"\"x-perfectgym-request\"\": \"\"{id}\"\", \"\"x-perfectgym-signature\"\": \"\"{sig}\"\"} body {csv}\"\n",
            "",
            "",
        ],
    ),
    (
        "sqlite3's boxes, with wrapped cells",
        [
            "┌────┬──────────────────────────────────────────────┬──────────────────────────────────────────────┐\n│ id │                   headers                    │                     body                     │\n├────┼──────────────────────────────────────────────┼──────────────────────────────────────────────┤\n",
            "│ {n}  │ {\"x-perfectgym-request\": \"7f6c2d4e-1b0a-4c39 │ {\"event\":\"Test\",\"triggeredDate\":\"2026-03-02T │\n│    │ -9d57-2f8e61a0b3c{n}\", \"x-perfectgym-signature │ 09:15:30Z\",\"data\":{\"n\":{n}}}                   │\n│    │ \": \"0123456789abcdef0123456789abcde{n}\"}       │                                              │\n",
            "├────┼──────────────────────────────────────────────┼──────────────────────────────────────────────┤\n",
            "└────┴──────────────────────────────────────────────┴──────────────────────────────────────────────┘\n",
        ],
    ),
    (
        "sqlite3's columns, with wrapped cells",
        [
            "headers                                       body                                        \n--------------------------------------------  --------------------------------------------\n",
            "{\"x-perfectgym-request\": \"7f6c2d4e-1b0a-4c39  {\"event\":\"Test\",\"triggeredDate\":\"2026-03-02T\n-9d57-2f8e61a0b3c{n}\", \"x-perfectgym-signature  09:15:30Z\",\"data\":{\"n\":{n}}}                  \n\": \"0123456789abcdef0123456789abcde{n}\"}                                                    \n",
            "\n",
            "",
        ],
    ),
    (
        "sqlite3's Markdown, with wrapped cells and a bar in one",
        [
            "|                   headers                    |                     body                     |\n|----------------------------------------------|----------------------------------------------|\n",
            "| {\"x-perfectgym-request\": \"7f6c2d4e-1b0a-4c39 | {\"event\":\"Test\",\"triggeredDate\":\"2026-03-02T |\n| -9d57-2f8e61a0b3c{n}\", \"x-perfectgym-signature | 09:15:30Z\",\"data\":{\"n\":{n},\"a\":\"b|c\"}}         |\n| \": \"0123456789abcdef0123456789abcde{n}\"}       |                                              |\n",
            "",
            "",
        ],
    ),
    (
        "psql's wrapped format",
        [
            "            headers             |                          body                           \n--------------------------------+---------------------------------------------------------\n",
            " {\"x-perfectgym-request\": \"7f6c.| {\"event\":\"Test\",\"triggeredDate\":\"2026-03-02T09:15:30Z\",.\n.2d4e-1b0a-4c39-9d57-2f8e61a0b3.|.\"data\":{\"n\":{n}}}\n.c{n}\", \"x-perfectgym-signature\":.| \n. \"0123456789abcdef0123456789ab.| \n.cde{n}\"}                         | \n",
            "",
            "(1 row)\n",
        ],
    ),
    (
        "psql's wrapped format, one value a line",
        [
            "",
            "-[ RECORD {n} ]--------------------------------------------------------\nheaders | {\"x-perfectgym-request\": \"7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b.\n        |.3c{n}\", \"x-perfectgym-signature\": \"0123456789abcdef0123456789.\n        |.abcde{n}\"}\nbody    | {\"event\":\"Test\",\"triggeredDate\":\"2026-03-02T09:15:30Z\",\"dat.\n        |.a\":{\"n\":{n}}}\n",
            "",
            "",
        ],
    ),
    (
        "psql's pretty JSON",
        [
            "                               headers                               |                                  body                                  \n---------------------------------------------------------------------+------------------------------------------------------------------------\n",
            " {                                                                  +| {body}\n     \"x-perfectgym-request\": \"{id}\",+|\n     \"x-perfectgym-signature\": \"{sig}\"   +|\n }                                                                   |\n",
            "",
            "",
        ],
    ),
    (
        "psql's table, with a bar in a cell",
        [
            " headers | body \n---------+------\n",
            " {\"x-perfectgym-request\": \"{id}\", \"x-perfectgym-signature\": \"{sig}\"} | {\"event\":\"Test\",\"triggeredDate\":\"2026-03-02T09:15:30Z\",\"data\":{\"n\":{n},\"a\":\"b|c\"}}\n",
            "",
            "(1 row)\n",
        ],
    ),
    (
        "a table of the user's own",
        ["received,request_id,signature,payload\n", "{n},{id},{sig},\"{csv}\"\n", "", ""],
    ),
    (
        "a table of the user's own, as psql prints it",
        [
            " id | webhook_request_id | pgm_signature | body \n----+------------+-----------+------\n",
            "  {n} | {id} | {sig} | {body}\n",
            "",
            "(1 row)\n",
        ],
    ),
    (
        "tshark's fields",
        [
            "http.request.method\thttp.request.line\thttp.file_data\n",
            "POST\tHost: h\\r\\n,X-PerfectGym-Request: {id}\\r\\n,X-PerfectGym-Signature: {sig}\\r\\n\t{hex}\n",
            "",
            "",
        ],
    ),
    (
        "tshark, following a stream of messages",
        [
            "\n===================================================================\nFollow: http,ascii\nFilter: tcp.stream eq 0\nNode 0: 10.0.0.5:51622\nNode 1: 10.0.0.6:80\n",
            "153\nPOST /hook HTTP/1.1\r\nContent-Length: 70\r\nX-PerfectGym-Request: {id}\r\nX-PerfectGym-Signature: {sig}\r\n\r\n\n70\n{body}\n\t40\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\n\t2\nOk\n",
            "",
            "===================================================================\n",
        ],
    ),
    (
        "tshark, following the bytes of a connection",
        [
            "\n===================================================================\nFollow: tcp,raw\nFilter: tcp.stream eq 0\nNode 0: 10.0.0.5:51622\nNode 1: 10.0.0.6:80\n",
            "{httphex}\n\t485454502f312e3120323030204f4b0d0a0d0a4f6b\n",
            "",
            "===================================================================\n",
        ],
    ),
    (
        "an Apple property list",
        [
            "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><array>\n",
            "<dict><key>headers</key><dict><key>Host</key><string>h</string><key>X-PerfectGym-Request</key><string>{id}</string><key>X-PerfectGym-Signature</key><string>{sig}</string></dict><key>body</key><string>{xml}</string></dict>\n",
            "",
            "</array></plist>\n",
        ],
    ),
    (
        "entries of two strings in XML",
        [
            "<requests>\n",
            "<request><map><entry><string>X-PerfectGym-Request</string><string>{id}</string></entry><entry><string>X-PerfectGym-Signature</string><string>{sig}</string></entry></map><body>{xml}</body></request>\n",
            "",
            "</requests>\n",
        ],
    ),
    (
        "a record for each header",
        [
            "[",
            "{\"name\":\"x\"},{\"a\":{\"X-PerfectGym-Request\":\"{id}\"}},{\"b\":{\"X-PerfectGym-Signature\":\"{sig}\"}},{\"c\":{body}}",
            ",",
            "]\n",
        ],
    ),
];

struct Request {
    id: String,
    signature: String,
    n: usize,
}

impl Request {
    fn number(n: usize) -> Self {
        // Any values: nothing is verified here.
        let id = format!("7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c{n}");
        Self { id, signature: format!("0123456789abcdef0123456789abcde{n}"), n }
    }

    fn body(&self) -> String {
        let Self { n, .. } = self;
        format!(r#"{{"event":"Test","triggeredDate":"2026-03-02T09:15:30Z","data":{{"n":{n}}}}}"#)
    }

    fn fill(&self, form: &str) -> String {
        let body = self.body();
        let (id, signature) = (&self.id, &self.signature);
        let quoted = body.replace('"', "\\\"");
        let http = format!(
            "POST /pgm HTTP/1.1\r\nContent-Length: {}\r\nX-PerfectGym-Request: {id}\r\n\
             X-PerfectGym-Signature: {signature}\r\n\r\n{body}",
            body.len()
        );
        let record = format!(
            r#"{{"headers":{{"x-perfectgym-request":"{id}","x-perfectgym-signature":"{signature}"}},"body":{body}}}"#
        );
        form.replace("{id}", id)
            .replace("{sig}", signature)
            .replace("{n}", &self.n.to_string())
            .replace("{quoted}", &quoted)
            .replace(
                "{cmd}",
                &quoted.replace("\\\"", "^\\^\"").replace('{', "^{").replace('}', "^}"),
            )
            .replace("{x22}", &body.replace('"', "\\x22"))
            .replace("{trace}", &trace(&body))
            .replace("{ticks}", &body.replace('"', "`\""))
            .replace("{hex}", &hex::encode(&body))
            .replace(
                "{colons}",
                &body.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":"),
            )
            .replace("{xml}", &body.replace('"', "&quot;"))
            .replace("{csv}", &body.replace('"', "\"\""))
            .replace("{body64}", &STANDARD.encode(&body))
            .replace("{httphex}", &hex::encode(&http))
            .replace("{http64}", &STANDARD.encode(http))
            .replace("{record64}", &STANDARD.encode(record))
            .replace("{body}", &body)
    }

    /// What is wrong with a capture of this request.
    fn faults(&self, capture: &capture::Capture<'_>) -> Vec<String> {
        let mut faults = Vec::new();
        if !capture.request_ids().eq([&*self.id]) {
            faults.push(format!("ids {:?}", capture.request_ids().collect::<Vec<_>>()));
        }
        if !capture.signatures().eq([&*self.signature]) {
            faults.push(format!("signatures {:?}", capture.signatures().collect::<Vec<_>>()));
        }
        let body = capture.body.as_ref().map(|body| String::from_utf8_lossy(&body.bytes));
        let value: Option<serde_json::Value> =
            body.as_ref().and_then(|body| serde_json::from_str(body).ok());
        // Some programs print no types.
        let is_number =
            |n: &serde_json::Value| n.to_string().trim_matches('"') == self.n.to_string();
        if !value.is_some_and(|value| value["event"] == "Test" && is_number(&value["data"]["n"])) {
            faults.push(format!("body {body:?}"));
        }
        faults
    }
}

/// A text as `curl --trace-ascii` prints it, 64 bytes a line.
fn trace(text: &str) -> String {
    let lines = text.as_bytes().chunks(64).enumerate();
    let line =
        |(number, bytes)| format!("{:04x}: {}\n", number * 64, String::from_utf8_lossy(bytes));
    lines.map(line).collect()
}

/// What is wrong with the captures of a file that holds these requests.
fn faults(file: &str, requests: &[Request]) -> Vec<String> {
    let read = match capture::read(file.as_bytes()) {
        Ok(read) => read,
        Err(error) => return vec![error.to_string()],
    };
    if read.captures.len() != requests.len() {
        return vec![format!("{} captures of {}", read.captures.len(), requests.len())];
    }
    requests
        .iter()
        .zip(&read.captures)
        .flat_map(|(request, capture)| request.faults(capture))
        .collect()
}

#[test]
fn each_form_alone_and_three_of_them() {
    let requests: Vec<_> = (1..=3).map(Request::number).collect();
    let mut wrong = Vec::new();
    let mut check = |name: &str, file: String, requests: &[Request]| {
        for fault in faults(&file, requests) {
            wrong.push(format!("{name}, {} of them: {fault}\n{file}", requests.len()));
        }
    };
    for (name, form) in FORMS {
        let all: Vec<_> = requests.iter().map(|request| request.fill(form)).collect();
        check(name, all[0].clone(), &requests[..1]);
        check(name, all.concat(), &requests);
    }
    for (name, [before, form, between, behind]) in DOCUMENTS {
        for count in [1, 3] {
            let all: Vec<_> = requests[..count].iter().map(|request| request.fill(form)).collect();
            let file = format!("{before}{}{behind}", all.join(between));
            check(name, file, &requests[..count]);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lines_with_another_start_are_not_lost() {
    // What a program sends on, in lines of another start; and a value that was masked.
    let sent = "Received: {'x-perfectgym-request': '{id}', 'x-perfectgym-signature': '{sig}'} {body}\nSending: {'url': 'https://h', 'headers': {'a': 'b'}, 'data': {body}}\n";
    let file: String = (1..=3).map(|n| Request::number(n).fill(sent)).collect();
    assert_eq!(capture::read(file.as_bytes()).unwrap().captures.len(), 6);
    let masked = "10:00:01 DEBUG X-PerfectGym-Request: {id}\n10:00:01 DEBUG X-PerfectGym-Signature: *****\n10:00:01 DEBUG {body}\n";
    let read = capture::read(Request::number(1).fill(masked).as_bytes()).unwrap();
    assert!(read.captures.is_empty() && !read.faults.is_empty(), "{read:?}");
}

#[test]
fn what_a_body_says_is_not_a_header() {
    let request = Request::number(1);
    let headers = request
        .fill("headers { 'x-perfectgym-request': '{id}', 'x-perfectgym-signature': '{sig}' }\n");
    let other = Request::number(2);
    let body = other.fill("body { event: 'Test', data: { 'x-perfectgym-request': '{id}', 'x-perfectgym-signature': '{sig}' } }\n");
    let read = capture::read((headers + &body).as_bytes()).unwrap();
    assert_eq!(read.captures.len(), 1);
    assert!(read.captures[0].request_ids().eq([&*request.id]));
    let dumped = other.fill(
        "[1] mod_dumpio:  dumpio_out (data-HEAP): HTTP/1.1 200 OK\\r\\n\n[1] mod_dumpio:  dumpio_out \
         (data-HEAP): X-PerfectGym-Request: {id}\\r\\n\n[1] mod_dumpio:  dumpio_out (data-HEAP): \
         X-PerfectGym-Signature: {sig}\\r\\n\n",
    );
    assert_eq!(capture::read(dumped.as_bytes()).map_or(0, |read| read.captures.len()), 0);
    for text in [
        "resp: &{Status:200 OK StatusCode:200 Proto:HTTP/1.1 Header:map[X-Perfectgym-Request:[{id}] X-Perfectgym-Signature:[{sig}]] Body:{} Close:false}\n",
        "{ status: 200, statusText: 'OK', headers: { 'x-perfectgym-request': '{id}', 'x-perfectgym-signature': '{sig}' }, config: { method: 'post' }, data: {body} }\n",
        "{\"message\":\"HTTP/1.1 200 OK\\nX-PerfectGym-Request: {id}\\nX-PerfectGym-Signature: {sig}\\n\\n\"}",
    ] {
        let read = capture::read(other.fill(text).as_bytes()).map_or(vec![], |read| read.captures);
        assert!(read.iter().all(|one| one.request_ids().next().is_none()), "{text} {read:?}");
    }
    for label in ["response headers", "expected", "reply", "computed", "respHeaders"] {
        let text = other.fill(&format!(
            "{label} {{ 'x-perfectgym-request': '{{id}}', 'x-perfectgym-signature': '{{sig}}' }}\n"
        ));
        let captures = capture::read(text.as_bytes()).map_or(0, |read| read.captures.len());
        assert_eq!(captures, 0, "{text}");
    }
}

/// A zip archive of these files.
fn zip(files: &[(String, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_archive_of_fiddler_is_read() {
    let mut files = vec![("_index.htm".to_owned(), "<html><body>1</body></html>".to_owned())];
    for n in 1..=3 {
        let request = Request::number(n);
        let http = "POST /pgm HTTP/1.1\r\nX-PerfectGym-Request: {id}\r\nX-PerfectGym-Signature: {sig}\r\n\r\n{body}";
        files.push((format!("raw/{n}_c.txt"), request.fill(http)));
        files.push((format!("raw/{n}_m.xml"), "<?xml version=\"1.0\"?><Session/>".to_owned()));
        files.push((format!("raw/{n}_s.txt"), "HTTP/1.1 200 OK\r\n\r\nOk".to_owned()));
    }
    let read = capture::read(&zip(&files)).unwrap();
    assert_eq!(read.captures.len(), 3);
    for (n, capture) in (1..).zip(&read.captures) {
        assert_eq!(Request::number(n).faults(capture), Vec::<String>::new());
        assert_eq!(capture.location.to_string(), format!("raw/{n}_c.txt"));
    }
    // Archives within archives are not followed.
    let inner = String::from_utf8_lossy(&zip(&files)).into_owned();
    assert!(capture::read(&zip(&[("a.zip".to_owned(), inner)])).is_err());
}

#[test]
fn files_that_are_not_read_say_how_to_export_them() {
    let workbook = zip(&[("xl/workbook.xml".to_owned(), String::new())]);
    for (bytes, kind, help) in [
        (&b"\xd4\xc3\xb2\xa1\x02\0\x04\0"[..], "packet capture", "tshark"),
        (b"\x0a\x0d\x0d\x0a\x1c\0\0\0", "packet capture", "tshark"),
        (b"\x89PNG\r\n\x1a\n\0", "image", "--request-id"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image", "--request-id"),
        (b"%PDF-1.7\n", "PDF", "text"),
        (b"SQLite format 3\0", "SQLite", "sqlite3"),
        (b"\x28\xb5\x2f\xfd\0", "zstd", "unpack"),
        (&workbook, "Excel", "CSV"),
    ] {
        let error = capture::read(bytes).unwrap_err();
        assert!(error.to_string().contains(kind), "{error}");
        assert!(error.help().unwrap().contains(help), "{error}");
    }
    // The letters of a kind may also start a text.
    let text =
        Request::number(1).fill("BM\nX-PerfectGym-Request: {id}\nX-PerfectGym-Signature: {sig}\n");
    assert_eq!(capture::read(text.as_bytes()).unwrap().captures.len(), 1);
}

#[test]
fn a_webhook_of_perfectgym_next_is_called_that() {
    let body =
        r#"{"entityId":"12","uuid":"7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c1","payload":{"a":1}}"#;
    let with_headers = format!(r#"{{"headers":{{"x-api-key":"k"}},"body":{body}}}"#);
    let http = format!("POST /pgm HTTP/1.1\r\nX-Api-Key: k\r\n\r\n{body}");
    for file in [body, &with_headers, &http] {
        let read = capture::read(file.as_bytes()).unwrap();
        let none = read.no_capture().unwrap_or_else(|| panic!("{file}: {read:?}"));
        assert!(none.to_string().contains("PerfectGym Next"), "{none}");
        assert!(none.help().contains("x-api-key"), "{}", none.help());
    }
}

#[test]
fn a_body_that_was_not_printed_is_not_made_up() {
    let request = Request::number(1);
    for form in [
        "headers { 'x-perfectgym-request': '{id}', 'x-perfectgym-signature': '{sig}' }\nbody [object Object]\n",
        "headers { 'x-perfectgym-request': '{id}', 'x-perfectgym-signature': '{sig}' }\nbody: ReadableStream { locked: false }\n",
        r#"{"headers":{"x-perfectgym-request":"{id}","x-perfectgym-signature":"{sig}"},"body":"[object Object]"}"#,
        "> POST /pgm HTTP/1.1\n> X-PerfectGym-Request: {id}\n> X-PerfectGym-Signature: {sig}\n>\n} [80 bytes data]\n< HTTP/1.1 200 OK\n",
        // A part of it is not the whole.
        "{ 'X-PerfectGym-Request': '{id}', 'X-PerfectGym-Signature': '{sig}', event: 'Test', data: { n: 1 } }\n",
        r#"{"headers":{"x-perfectgym-request":"{id}","x-perfectgym-signature":"{sig}"},"event":"Test","data":{"n":1}}"#,
    ] {
        let file = request.fill(form);
        let read = capture::read(file.as_bytes()).unwrap();
        assert_eq!(read.captures.len(), 1, "{file}");
        let capture = &read.captures[0];
        assert_eq!((&capture.body, capture.body_left_out), (&None, true), "{file}");
    }
}
