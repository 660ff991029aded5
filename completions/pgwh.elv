
use builtin;
use str;

set edit:completion:arg-completer[pgwh] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'pgwh'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'pgwh'= {
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand demo 'Take a quick tour; no setup needed'
            cand events 'List PGM''s events, or show one with its sample body'
            cand sign 'Build and sign a request without sending it'
            cand send 'Send events to a URL as PGM does, with retries or under load'
            cand play 'Play a story: a sequence of events with shared values'
            cand verify 'Check whether captured requests are genuine, and why not'
            cand check-target 'Check whether a URL is ready for PGM'
            cand webhook 'Manage webhooks in pgwh.toml, like PGM''s webhooks list'
            cand requests 'Show and retry sent requests, like PGM''s Requests list'
            cand listen 'Receive requests here: verify, save, forward, or misbehave'
            cand page 'Show requests, webhooks and events in the browser, live'
            cand scaffold 'Print a receiver in your language, ready to run'
            cand completions 'Print a completion script for your shell'
            cand supervise 'Runs a target for `check-target --start`; of no use to people'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;demo'= {
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;events'= {
            cand --color 'Color the output: auto, always or never'
            cand --diff 'Compare the payload of EVENT with that of another event'
            cand --fixtures 'Use the payloads in this folder too: files NAME.json, in place of samples of the same name'
            cand --as 'Print a schema instead: JSON Schema of EVENT''s body, or OpenAPI of EVENT or of all events'
            cand --format 'Output format'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;sign'= {
            cand --color 'Color the output: auto, always or never'
            cand --as 'What to print [default: http; headers without an event or body]'
            cand --url 'The URL of the printed request [default: the webhook''s, or https://example.com/pgm]'
            cand --webhook 'Use the secret and URL of this webhook of pgwh.toml'
            cand --request-id 'Sign this request id instead of a new one'
            cand --triggered-date 'Set triggeredDate: a date, now, or an offset such as -5m [default: now]'
            cand --data 'Replace the sample''s `data`: JSON, @FILE, or - for standard input'
            cand --set 'Replace one value in `data`, such as user.userId=42; repeatable'
            cand --add 'Add a value at a path that `data` does not have yet; repeatable'
            cand --remove 'Remove a value from `data`; repeatable'
            cand --set-date 'Set a date in `data`, such as startDate=+2d; repeatable'
            cand --body 'Use exactly these bytes as the body'
            cand --fixtures 'A folder with your own payloads'
            cand --secret-file 'Read the secret from a file [default: $PGWH_SECRET]'
            cand --secret 'The secret itself; other users of this machine can see it in the process list'
            cand --config 'Use this pgwh.toml'
            cand --edit 'Edit the body in $VISUAL or $EDITOR before it is signed'
            cand --unlisted 'Allow an EVENT that neither the built-in samples nor --fixtures have; needs --data'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;send'= {
            cand --color 'Color the output: auto, always or never'
            cand --url 'The URL to call [default: the subscribed webhooks of pgwh.toml]'
            cand --webhook 'Send to this webhook of pgwh.toml only; repeatable'
            cand --from 'Send captured requests again, with their ids and bodies'
            cand --id 'Send only the captured request whose id begins with ID, or the last one'
            cand --event 'Send only captured requests of this event'
            cand --request-id 'Use this request id instead of a new one'
            cand --triggered-date 'Set triggeredDate: a date, now, or an offset such as -5m [default: now]'
            cand --save 'Append the requests to a file, as captures'
            cand --format 'Output format'
            cand --retries 'Retry up to N times while it fails, with the same id and bytes'
            cand --retry-delay 'Wait this long before each retry [default: 1s]'
            cand --backoff 'Keep the delay between retries fixed, or double it each time [default: fixed]'
            cand --retry-on 'What to retry: failure (anything but a 2xx in time), or any of timeout, unreachable, broken, 3xx, 4xx, 5xx, a status [default: failure]'
            cand --repeat 'Send the same request N times, whatever the responses'
            cand --count 'Send N new requests and report how the target held up'
            cand --duration 'Send new requests for this long'
            cand --concurrency 'The most connections [default: 64; with --rate 512, opened as needed]'
            cand --threads 'Threads that share the connections [default: one per core; with --rate one]'
            cand --rate 'Start requests at this rate, such as 500/s or growing 10/s..500/s'
            cand --vary 'Set a path in `data` to a random whole number from FROM to TO; repeatable'
            cand --repeat-rate 'Send this share of the requests twice, as PGM has been seen to do: 0.05 is one in twenty'
            cand --allow-failures 'Exit with 0 if at most this many fail: a number, or a share such as 0.1%'
            cand --report 'Also write a report to FILE: human, json or markdown; repeatable'
            cand --histogram 'Write the latencies to FILE in HdrHistogram''s text format, in milliseconds'
            cand --export 'Write the load to a file as a script for k6, and send nothing'
            cand --data 'Replace the sample''s `data`: JSON, @FILE, or - for standard input'
            cand --set 'Replace one value in `data`, such as user.userId=42; repeatable'
            cand --add 'Add a value at a path that `data` does not have yet; repeatable'
            cand --remove 'Remove a value from `data`; repeatable'
            cand --set-date 'Set a date in `data`, such as startDate=+2d; repeatable'
            cand --body 'Use exactly these bytes as the body'
            cand --fixtures 'A folder with your own payloads'
            cand --secret-file 'Read the secret from a file [default: $PGWH_SECRET]'
            cand --secret 'The secret itself; other users of this machine can see it in the process list'
            cand --timeout 'Time limit of an attempt [default: 5s, as PGM allows]'
            cand --header 'Add a header, replace one of PGM''s, or leave one out with ''NAME:''; repeatable'
            cand --ca-cert 'Trust only the certificate authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as with curl; repeatable'
            cand --config 'Use this pgwh.toml'
            cand --unsigned 'Leave out the request id and the signature, like a webhook without a secret'
            cand --wrong-signature 'Send a wrong signature, which a receiver must reject'
            cand --no-record 'Do not add the requests to the requests list'
            cand -v 'Show the headers of requests and responses'
            cand --verbose 'Show the headers of requests and responses'
            cand -q 'Show only the verdict'
            cand --quiet 'Show only the verdict'
            cand --parallel 'Send all repeats at the same time'
            cand --yes-load-test 'Confirm that you may load-test a public host'
            cand --edit 'Edit the body in $VISUAL or $EDITOR before it is signed'
            cand --unlisted 'Allow an EVENT that neither the built-in samples nor --fixtures have; needs --data'
            cand --insecure 'Trust any certificate'
            cand --http2 'Send over HTTP/2 instead of HTTP/1.1; header names are then in lower case'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;play'= {
            cand --color 'Color the output: auto, always or never'
            cand --url 'The URL to call [default: as the story says, else the subscribed webhooks of pgwh.toml]'
            cand --webhook 'Send everything to this webhook of pgwh.toml'
            cand --speed 'Play faster or slower than written, such as 10x or 0.5x'
            cand --record 'Write a story from the requests list, or from the captures of --from'
            cand --from 'With --record: read captures from a file, or standard input with -'
            cand --since 'With --record: only requests since then: a time ago such as 2h, or a date'
            cand --fixtures 'A folder with your own payloads'
            cand --format 'Output format'
            cand --report 'Also write a report to FILE; repeatable'
            cand --secret-file 'Read the secret from a file [default: $PGWH_SECRET]'
            cand --secret 'The secret itself; other users of this machine can see it in the process list'
            cand --timeout 'Time limit of an attempt [default: 5s, as PGM allows]'
            cand --header 'Add a header, replace one of PGM''s, or leave one out with ''NAME:''; repeatable'
            cand --ca-cert 'Trust only the certificate authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as with curl; repeatable'
            cand --config 'Use this pgwh.toml'
            cand --list 'List the built-in stories'
            cand --show 'Print the story''s file'
            cand --dry-run 'Print what would be sent, without sending it'
            cand --no-record 'Do not add the requests to the requests list'
            cand --insecure 'Trust any certificate'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;verify'= {
            cand --color 'Color the output: auto, always or never'
            cand --anonymize 'Write a copy without personal data to the new file FILE'
            cand --explain 'Explain a finding and what to do; without ID, list all findings'
            cand --request-id 'The value of X-PerfectGym-Request'
            cand --signature 'The value of X-PerfectGym-Signature'
            cand --body 'The body: text, @FILE, or - for standard input'
            cand --format 'Output format'
            cand --report 'Also write a report to FILE; repeatable'
            cand --secret-file 'Read the secret from a file [default: $PGWH_SECRET]'
            cand --secret 'The secret itself; other users of this machine can see it in the process list'
            cand --also-secret-file 'Also accept the secret in FILE, and call it NAME; repeatable'
            cand --webhook 'Also accept the secret of this webhook of pgwh.toml; repeatable'
            cand --config 'Use this pgwh.toml'
            cand -v 'Show every capture and every finding'
            cand --verbose 'Show every capture and every finding'
            cand -q 'Print nothing; use the exit code and --report files'
            cand --quiet 'Print nothing; use the exit code and --report files'
            cand --show-expected 'Show the signature that an invalid capture should have'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;check-target'= {
            cand --color 'Color the output: auto, always or never'
            cand --wait 'Wait up to this long for the target to accept connections'
            cand --start 'Start the target with this shell command, and end it after the check'
            cand --only 'Run only these checks; --list shows all'
            cand --skip 'Skip these checks'
            cand --events 'Also send these events: names, or `all`. Every id in them is 999999999'
            cand --samples 'Measure the time of N responses'
            cand --max-time 'How long a response may take: 5s, which is all that PGM allows, or less'
            cand --burst 'Also send N different requests at once'
            cand --explain 'Explain what a check sends, why it matters and what to do; without ID, list them'
            cand --format 'Output format'
            cand --report 'Also write a report to FILE; repeatable'
            cand --secret-file 'Read the secret from a file [default: $PGWH_SECRET]'
            cand --secret 'The secret itself; other users of this machine can see it in the process list'
            cand --config 'Use this pgwh.toml'
            cand --header 'Add a header, replace one of PGM''s, or leave one out with ''NAME:''; repeatable'
            cand --ca-cert 'Trust only the certificate authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as with curl; repeatable'
            cand --timeout 'How long to wait for a response at all [default: 10s]'
            cand --all-webhooks 'Check every webhook of pgwh.toml, one after another'
            cand --strict 'Treat recommendations as requirements'
            cand --require-signature 'Fail if bad signatures are accepted'
            cand --allow-url 'Accept a URL that PGM would not call: not https, or not on port 443'
            cand --list 'List the checks with their levels and sources'
            cand --insecure 'Trust any certificate'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook'= {
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand init 'Write a commented pgwh.toml to start from'
            cand add 'Add a webhook; creates pgwh.toml if missing'
            cand list 'Show all webhooks: URL, subscriptions, and whether the secret is available'
            cand show 'Show one webhook'
            cand edit 'Change a webhook'
            cand remove 'Remove a webhook'
            cand secret 'Print a webhook''s secret, as PGM''s copy button does'
            cand trust 'Trust the commands that print secrets, so that pgwh may run them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;webhook;init'= {
            cand --config 'The file to write [default: pgwh.toml in this folder]'
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;add'= {
            cand --url 'The URL to call'
            cand --events 'The events it is subscribed to'
            cand --secret-env 'Read the secret from this environment variable'
            cand --secret-file 'Read the secret from this file'
            cand --secret-command 'Run this command to get the secret; must be the last flag, with the command''s arguments'
            cand --config 'Use this pgwh.toml'
            cand --color 'Color the output: auto, always or never'
            cand --unlisted 'Allow events that PGM is not known to have'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;list'= {
            cand --format 'Output format'
            cand --config 'Use this pgwh.toml'
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;show'= {
            cand --format 'Output format'
            cand --config 'Use this pgwh.toml'
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;edit'= {
            cand --name 'Change the name'
            cand --url 'Change the URL'
            cand --events 'Replace the events it is subscribed to'
            cand --secret-env 'Read the secret from this environment variable'
            cand --secret-file 'Read the secret from this file'
            cand --secret-command 'Run this command to get the secret; must be the last flag, with the command''s arguments'
            cand --previous-secret-env 'Also accept the old secret in this environment variable'
            cand --previous-secret-file 'Also accept the old secret in this file'
            cand --config 'Use this pgwh.toml'
            cand --color 'Color the output: auto, always or never'
            cand --unlisted 'Allow events that PGM is not known to have'
            cand --no-previous-secret 'No longer accept an old secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;remove'= {
            cand --config 'Use this pgwh.toml'
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;secret'= {
            cand --config 'Use this pgwh.toml'
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;trust'= {
            cand --config 'Use this pgwh.toml'
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;help'= {
            cand init 'Write a commented pgwh.toml to start from'
            cand add 'Add a webhook; creates pgwh.toml if missing'
            cand list 'Show all webhooks: URL, subscriptions, and whether the secret is available'
            cand show 'Show one webhook'
            cand edit 'Change a webhook'
            cand remove 'Remove a webhook'
            cand secret 'Print a webhook''s secret, as PGM''s copy button does'
            cand trust 'Trust the commands that print secrets, so that pgwh may run them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;webhook;help;init'= {
        }
        &'pgwh;webhook;help;add'= {
        }
        &'pgwh;webhook;help;list'= {
        }
        &'pgwh;webhook;help;show'= {
        }
        &'pgwh;webhook;help;edit'= {
        }
        &'pgwh;webhook;help;remove'= {
        }
        &'pgwh;webhook;help;secret'= {
        }
        &'pgwh;webhook;help;trust'= {
        }
        &'pgwh;webhook;help;help'= {
        }
        &'pgwh;requests'= {
            cand --color 'Color the output: auto, always or never'
            cand --limit 'Show only the newest N requests'
            cand --format 'Output format'
            cand --event 'Only requests of this event'
            cand --webhook 'Only requests sent to this webhook'
            cand --story 'Only requests of this story, which `pgwh play` sent'
            cand --since 'Only requests first sent since then: a time ago such as 2h, or a date'
            cand --id 'Only requests whose id begins with this'
            cand --failed 'Only unsuccessful requests: failed, unreachable or interrupted'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Show one request: its payload, and the response of each attempt'
            cand retry 'Send requests again, with the same id, signature and bytes'
            cand diff 'Show what differs between the payloads of two requests'
            cand prune 'Remove old requests, irreversibly'
            cand export 'Write requests as captures, oldest first'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;requests;show'= {
            cand --as 'Print only the request, in this form'
            cand --format 'Output format'
            cand --color 'Color the output: auto, always or never'
            cand -v 'Show the headers of the responses'
            cand --verbose 'Show the headers of the responses'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;retry'= {
            cand --event 'With --failed: only requests of this event'
            cand --webhook 'With --failed: only requests to this webhook'
            cand --since 'With --failed: only requests first sent since then: a time ago such as 2h, or a date'
            cand --url 'Send to this URL instead, as a new request of the list'
            cand --format 'Output format'
            cand --secret-file 'Read the secret from a file [default: $PGWH_SECRET]'
            cand --secret 'The secret itself; other users of this machine can see it in the process list'
            cand --timeout 'Time limit of an attempt [default: 5s, as PGM allows]'
            cand --ca-cert 'Trust only the certificate authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as with curl; repeatable'
            cand --config 'Use this pgwh.toml'
            cand --header 'Add a header, replace one of PGM''s, or leave one out with ''NAME:''; repeatable'
            cand --color 'Color the output: auto, always or never'
            cand --failed 'All unsuccessful requests: failed, unreachable or interrupted'
            cand --resign 'Sign again because the secret has changed, with the secret given here, else with the webhook''s'
            cand -v 'Show the headers of requests and responses'
            cand --verbose 'Show the headers of requests and responses'
            cand -q 'Show only the verdict'
            cand --quiet 'Show only the verdict'
            cand --insecure 'Trust any certificate'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;diff'= {
            cand --format 'Output format'
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;prune'= {
            cand --keep 'Keep the newest N requests [default: as in pgwh.toml, else 1000]'
            cand --older-than 'Remove requests older than this [default: as in pgwh.toml, else 30d]'
            cand --format 'Output format'
            cand --config 'Use this pgwh.toml'
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;export'= {
            cand --limit 'Write only the newest N requests'
            cand -o 'Append to this file instead of printing; - prints'
            cand --output 'Append to this file instead of printing; - prints'
            cand --event 'Only requests of this event'
            cand --webhook 'Only requests sent to this webhook'
            cand --story 'Only requests of this story, which `pgwh play` sent'
            cand --since 'Only requests first sent since then: a time ago such as 2h, or a date'
            cand --id 'Only requests whose id begins with this'
            cand --color 'Color the output: auto, always or never'
            cand --failed 'Only unsuccessful requests: failed, unreachable or interrupted'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;help'= {
            cand show 'Show one request: its payload, and the response of each attempt'
            cand retry 'Send requests again, with the same id, signature and bytes'
            cand diff 'Show what differs between the payloads of two requests'
            cand prune 'Remove old requests, irreversibly'
            cand export 'Write requests as captures, oldest first'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;requests;help;show'= {
        }
        &'pgwh;requests;help;retry'= {
        }
        &'pgwh;requests;help;diff'= {
        }
        &'pgwh;requests;help;prune'= {
        }
        &'pgwh;requests;help;export'= {
        }
        &'pgwh;requests;help;help'= {
        }
        &'pgwh;listen'= {
            cand --color 'Color the output: auto, always or never'
            cand --addr 'Listen on this address; port 0 picks a free one'
            cand --format 'Output format'
            cand --save 'Append each request to FILE, as a capture, before responding'
            cand --rotate 'Rename FILE to FILE.1, FILE.2 … and start a new one before it exceeds SIZE'
            cand --save-fixtures 'Keep the newest payload of each event as DIR/EVENT.json'
            cand --status 'Respond with this status [default: 200]'
            cand --body 'Respond with this body [default: Ok]'
            cand --header 'Add a header to the response; repeatable'
            cand --delay 'Delay the response by 6s, or by a random time such as 1s..3s'
            cand --drip 'Send the body byte by byte over this time'
            cand --fail-first 'Fail the first N attempts of each request id'
            cand --fail-rate 'Fail this share of the requests: 0 to 1'
            cand --seed 'Seed --fail-rate and --delay with this number, to repeat a run [default: a new one]'
            cand --script 'Choose responses by event, request or attempt, with the rules in this TOML file'
            cand --forward-to 'Forward each request to URL, and respond as this target does'
            cand --route 'Forward requests with this event to URL instead; repeatable'
            cand --forward-header 'Set a header on forwarded requests; repeatable'
            cand --forward-timeout 'Time limit for a target; after it, the client gets a 504 [default: 30s]'
            cand --resolve 'Connect to ADDR for this host and port of a target, as with curl; repeatable'
            cand --ca-cert 'Trust only the authorities in this PEM file, for targets with https'
            cand --expect 'Exit with 0 as soon as N valid requests have arrived'
            cand --expect-event 'Count only requests with this event; repeatable'
            cand --expect-data 'Count only requests whose data has this value, as in userId=7; repeatable'
            cand --timeout 'Exit with 1 if they have not arrived by then'
            cand --report 'Write what was expected and what arrived, as JUnit XML: junit=FILE'
            cand --max-requests 'Exit after N requests, whatever they are'
            cand --tls-name 'Add this name or address to that certificate; repeatable'
            cand --tls-ca 'Write the authority behind that certificate to FILE, for send --ca-cert'
            cand --cert 'Serve https, with this certificate (PEM)'
            cand --key 'The key of --cert (PEM)'
            cand --max-body 'Largest body; a larger one gets a 413'
            cand --max-head 'Largest head; a larger one gets a 431'
            cand --head-time 'Time limit for a head, and for an idle connection; after it, a 408'
            cand --body-time 'Time limit for a body; after it, a 408'
            cand --max-connections 'Most open connections; further ones wait'
            cand --webhook 'Accept the secret of this webhook of pgwh.toml; repeatable'
            cand --also-secret-file 'Also accept the secret in FILE, for example while it is being changed'
            cand --secret-file 'Read the secret from a file [default: $PGWH_SECRET]'
            cand --secret 'The secret itself; other users of this machine can see it in the process list'
            cand --config 'Use this pgwh.toml'
            cand --page-addr 'Serve the page on this address [default: 127.0.0.1:4180, or the next free port]'
            cand --page-host 'Allow this host name in the page''s URL, besides localhost; repeatable'
            cand -v 'Show headers and bodies'
            cand --verbose 'Show headers and bodies'
            cand -q 'Show only the first line and the summary'
            cand --quiet 'Show only the first line and the summary'
            cand --sync 'Respond only after the capture is on the disk (fsync)'
            cand --drop 'Close the connection without a response'
            cand --reject-invalid 'Respond 401 to requests that do not verify'
            cand --only-valid 'Forward only requests that verify'
            cand --insecure 'Trust any certificate of a target'
            cand --tls 'Serve https, with a certificate made for this run'
            cand --allow-browser 'Accept requests that a web page of another site sends from a browser'
            cand --page 'Also show received requests in the browser, on another port'
            cand --open 'Open the page in the browser'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;page'= {
            cand --color 'Color the output: auto, always or never'
            cand --captures 'Also show the requests that a receiver saves in FILE, as it grows'
            cand --format 'Output format'
            cand --page-addr 'Serve the page on this address [default: 127.0.0.1:4180, or the next free port]'
            cand --page-host 'Allow this host name in the page''s URL, besides localhost; repeatable'
            cand --secret-file 'Read the secret from a file [default: $PGWH_SECRET]'
            cand --secret 'The secret itself; other users of this machine can see it in the process list'
            cand --config 'Use this pgwh.toml'
            cand --open 'Open the page in the browser'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;scaffold'= {
            cand --color 'Color the output: auto, always or never'
            cand --out 'Write the receiver''s files into this folder'
            cand --format 'Output format'
            cand --force 'Overwrite files in --out'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;completions'= {
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;supervise'= {
            cand --color 'Color the output: auto, always or never'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;help'= {
            cand demo 'Take a quick tour; no setup needed'
            cand events 'List PGM''s events, or show one with its sample body'
            cand sign 'Build and sign a request without sending it'
            cand send 'Send events to a URL as PGM does, with retries or under load'
            cand play 'Play a story: a sequence of events with shared values'
            cand verify 'Check whether captured requests are genuine, and why not'
            cand check-target 'Check whether a URL is ready for PGM'
            cand webhook 'Manage webhooks in pgwh.toml, like PGM''s webhooks list'
            cand requests 'Show and retry sent requests, like PGM''s Requests list'
            cand listen 'Receive requests here: verify, save, forward, or misbehave'
            cand page 'Show requests, webhooks and events in the browser, live'
            cand scaffold 'Print a receiver in your language, ready to run'
            cand completions 'Print a completion script for your shell'
            cand supervise 'Runs a target for `check-target --start`; of no use to people'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;help;demo'= {
        }
        &'pgwh;help;events'= {
        }
        &'pgwh;help;sign'= {
        }
        &'pgwh;help;send'= {
        }
        &'pgwh;help;play'= {
        }
        &'pgwh;help;verify'= {
        }
        &'pgwh;help;check-target'= {
        }
        &'pgwh;help;webhook'= {
            cand init 'Write a commented pgwh.toml to start from'
            cand add 'Add a webhook; creates pgwh.toml if missing'
            cand list 'Show all webhooks: URL, subscriptions, and whether the secret is available'
            cand show 'Show one webhook'
            cand edit 'Change a webhook'
            cand remove 'Remove a webhook'
            cand secret 'Print a webhook''s secret, as PGM''s copy button does'
            cand trust 'Trust the commands that print secrets, so that pgwh may run them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;help;webhook;init'= {
        }
        &'pgwh;help;webhook;add'= {
        }
        &'pgwh;help;webhook;list'= {
        }
        &'pgwh;help;webhook;show'= {
        }
        &'pgwh;help;webhook;edit'= {
        }
        &'pgwh;help;webhook;remove'= {
        }
        &'pgwh;help;webhook;secret'= {
        }
        &'pgwh;help;webhook;trust'= {
        }
        &'pgwh;help;webhook;help'= {
            cand init 'Write a commented pgwh.toml to start from'
            cand add 'Add a webhook; creates pgwh.toml if missing'
            cand list 'Show all webhooks: URL, subscriptions, and whether the secret is available'
            cand show 'Show one webhook'
            cand edit 'Change a webhook'
            cand remove 'Remove a webhook'
            cand secret 'Print a webhook''s secret, as PGM''s copy button does'
            cand trust 'Trust the commands that print secrets, so that pgwh may run them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;help;webhook;help;init'= {
        }
        &'pgwh;help;webhook;help;add'= {
        }
        &'pgwh;help;webhook;help;list'= {
        }
        &'pgwh;help;webhook;help;show'= {
        }
        &'pgwh;help;webhook;help;edit'= {
        }
        &'pgwh;help;webhook;help;remove'= {
        }
        &'pgwh;help;webhook;help;secret'= {
        }
        &'pgwh;help;webhook;help;trust'= {
        }
        &'pgwh;help;webhook;help;help'= {
        }
        &'pgwh;help;requests'= {
            cand show 'Show one request: its payload, and the response of each attempt'
            cand retry 'Send requests again, with the same id, signature and bytes'
            cand diff 'Show what differs between the payloads of two requests'
            cand prune 'Remove old requests, irreversibly'
            cand export 'Write requests as captures, oldest first'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;help;requests;show'= {
        }
        &'pgwh;help;requests;retry'= {
        }
        &'pgwh;help;requests;diff'= {
        }
        &'pgwh;help;requests;prune'= {
        }
        &'pgwh;help;requests;export'= {
        }
        &'pgwh;help;requests;help'= {
            cand show 'Show one request: its payload, and the response of each attempt'
            cand retry 'Send requests again, with the same id, signature and bytes'
            cand diff 'Show what differs between the payloads of two requests'
            cand prune 'Remove old requests, irreversibly'
            cand export 'Write requests as captures, oldest first'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;help;requests;help;show'= {
        }
        &'pgwh;help;requests;help;retry'= {
        }
        &'pgwh;help;requests;help;diff'= {
        }
        &'pgwh;help;requests;help;prune'= {
        }
        &'pgwh;help;requests;help;export'= {
        }
        &'pgwh;help;requests;help;help'= {
        }
        &'pgwh;help;listen'= {
        }
        &'pgwh;help;page'= {
        }
        &'pgwh;help;scaffold'= {
        }
        &'pgwh;help;completions'= {
        }
        &'pgwh;help;supervise'= {
        }
        &'pgwh;help;help'= {
        }
    ]
    $completions[$command]
}
