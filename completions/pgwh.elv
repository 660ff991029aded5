
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
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand demo 'Take a quick tour; no setup needed'
            cand events 'List PGM''s events, or show one with its sample body'
            cand sign 'Build and sign a request without sending it'
            cand send 'Send events to a URL as PGM does, with retries or under load'
            cand verify 'Check whether captured requests are genuine, and why not'
            cand check-target 'Check whether a URL is ready for PGM'
            cand webhook 'Manage webhooks in pgwh.toml, like PGM''s webhooks list'
            cand requests 'Show and retry sent requests, like PGM''s Requests list'
            cand listen 'Receive requests here: verify, save, forward, or misbehave'
            cand completions 'Print a completion script for your shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;demo'= {
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;events'= {
            cand --fixtures 'A folder of your own payloads, NAME.json each, over the built-in ones or beside them'
            cand --format 'How to answer'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;sign'= {
            cand --as 'What to print [default: http, or headers when there is no body]'
            cand --url 'The URL that the printed request is for'
            cand --request-id 'Sign this request id instead of a new one'
            cand --triggered-date 'When the event happened: a date, now, -5m [default: now]'
            cand --data 'Replace the sample''s `data`: JSON, @FILE, or - for standard input. Of a whole envelope its `data` is taken'
            cand --set 'Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"), else it is text. PATH: `user.userId`, `list[0]`, `"a key with . or ="`'
            cand --add 'The same for a path that `data` does not have yet'
            cand --body 'Send exactly these bytes as the body: text, @FILE, or - for standard input'
            cand --fixtures 'A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They go over the built-in samples, or beside them'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --unlisted 'Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;send'= {
            cand --url 'The URL to call [default: the webhooks of pgwh.toml that listen to the event]'
            cand --webhook 'Send to this webhook of pgwh.toml only, whatever it listens to'
            cand --from 'Send captured requests again, each with its own id and body; - for standard input. Signed with your secret if you give one, else with the captured signature'
            cand --request-id 'Use this request id instead of a new one'
            cand --triggered-date 'When the event happened: a date, now, -5m [default: now]'
            cand --save 'Append what was sent to a file, as captures'
            cand --format 'How to answer: for people, or one JSON object a delivery'
            cand --retries 'Send again this often while it fails, with the same id and bytes'
            cand --retry-delay 'Time before a retry'
            cand --backoff 'How the time before a retry grows: not at all, or twofold each time'
            cand --retry-on 'What to retry: failure (everything that is not a 2xx in time), or any of timeout, unreachable, broken, 3xx, 4xx, 5xx, a status'
            cand --repeat 'Send the same request this often whatever the answer'
            cand --count 'Send this many requests, each a new one, and tell how the target bore it. Several events are mixed: EVENT=WEIGHT says how often each comes'
            cand --duration 'The same for this long'
            cand --concurrency 'Connections at most [default: 64; with --rate 512, of which it opens what it needs]'
            cand --threads 'Threads that share the connections [default: one per core; with --rate one]'
            cand --rate 'Start requests at this rate, such as 500/s or growing 10/s..500/s, whatever the answers: latency counts from when each was due. Without it, each connection sends as fast as it is answered'
            cand --vary 'Put a random whole number of this range at a path of `data`, both ends among them'
            cand --repeat-rate 'Send this share of the requests twice, as PGM was seen to do: 0.05 is one in twenty'
            cand --allow-failures 'End with 0 as long as no more than this fail: a number, or 0.1%'
            cand --report 'Write a report to a file, too: human, json or markdown; may be given several times'
            cand --histogram 'Write the latencies to a file in HdrHistogram''s text form, in milliseconds'
            cand --data 'Replace the sample''s `data`: JSON, @FILE, or - for standard input. Of a whole envelope its `data` is taken'
            cand --set 'Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"), else it is text. PATH: `user.userId`, `list[0]`, `"a key with . or ="`'
            cand --add 'The same for a path that `data` does not have yet'
            cand --body 'Send exactly these bytes as the body: text, @FILE, or - for standard input'
            cand --fixtures 'A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They go over the built-in samples, or beside them'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --timeout 'Time limit of an attempt, from its start to the last byte of the response [default: 5s, as PGM allows]'
            cand --header 'Send a header besides PGM''s own, or another value for one of those'
            cand --ca-cert 'Trust only the authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as curl''s option of that name does'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --no-record 'Leave it out of the requests list'
            cand -v 'Show the headers of request and response'
            cand --verbose 'Show the headers of request and response'
            cand -q 'Show only the verdict'
            cand --quiet 'Show only the verdict'
            cand --parallel 'Send the repeats all at once'
            cand --yes-load-test 'Say that you may put a public host under load'
            cand --unlisted 'Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data'
            cand --insecure 'Trust any certificate'
            cand --http2 'Send over HTTP/2 instead of HTTP/1.1; header names are then in lower case'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;verify'= {
            cand --explain 'Tell what a finding means and what to do; without an ID, list all findings'
            cand --request-id 'The value of X-PerfectGym-Request'
            cand --signature 'The value of X-PerfectGym-Signature'
            cand --body 'The body: text, @FILE, or - for standard input'
            cand --format 'How to answer'
            cand --report 'Write a report to a file, too; may be given several times'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --also-secret-file 'A further secret that is accepted, from a file, with a name to tell it by; may be given several times'
            cand --webhook 'Accept the secret of this webhook of pgwh.toml, too; may be given several times. Without any secret at all, those of all its webhooks are accepted'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -v 'Show every capture and every finding, however many there are'
            cand --verbose 'Show every capture and every finding, however many there are'
            cand -q 'Print no answer: the exit code and the files of --report say it'
            cand --quiet 'Print no answer: the exit code and the files of --report say it'
            cand --show-expected 'Show the signature that an invalid capture should have; only on a terminal, as it is as good as the secret for that request'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;check-target'= {
            cand --wait 'Poll the target for this long until it accepts a connection'
            cand --start 'Start the target with this shell command, wait for it (--wait, 60s unless given), and end it with all its children when the check is over. Its output goes to stderr'
            cand --only 'Make only these checks; --list shows all'
            cand --skip 'Leave these checks out'
            cand --events 'Send these events too: names, or `all`. Every id in them is 999999999'
            cand --samples 'Time this many answers'
            cand --max-time 'The time that an answer may take'
            cand --burst 'Send this many different requests at once, too'
            cand --explain 'Tell what a check sends, why it matters and what to do'
            cand --format 'How to answer'
            cand --report 'Write a report to a file, too; may be given several times'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --header 'Send a header besides PGM''s own, or another value for one of those'
            cand --ca-cert 'Trust only the authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as curl''s option of that name does'
            cand --timeout 'How long to wait for a response at all; one that comes after --max-time fails, but the report says how late it was [default: 10s]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --all-webhooks 'Check every webhook of the webhooks file, one after the other'
            cand --strict 'Let advice count like a demand'
            cand --require-signature 'Make it a demand that bad signatures are refused'
            cand --allow-url 'Accept a URL that PGM would not call: not https, or not on port 443'
            cand --list 'List the checks with their levels and sources'
            cand --insecure 'Trust any certificate'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook'= {
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand init 'Write a commented pgwh.toml to start from'
            cand add 'Add a webhook; makes pgwh.toml when there is none'
            cand list 'Show all webhooks: URL, subscriptions, and whether the secret can be had'
            cand show 'Show one webhook'
            cand edit 'Change a webhook'
            cand remove 'Remove a webhook'
            cand secret 'Print a webhook''s secret, as PGM''s copy button does'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;webhook;init'= {
            cand --config 'The file to write [default: pgwh.toml in this folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;add'= {
            cand --url 'The URL to call'
            cand --events 'What it is subscribed to: all, or names of events'
            cand --secret-env 'The environment variable that holds it'
            cand --secret-file 'The file that holds it; a relative path starts at pgwh.toml'
            cand --secret-command 'The command that prints it, with its arguments; comes last'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --unlisted 'Let an event be one that PGM is not known to have'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;list'= {
            cand --format 'How to answer'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;show'= {
            cand --format 'How to answer'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;edit'= {
            cand --name 'Another name'
            cand --url 'Another URL'
            cand --events 'Another subscription, in place of the one it has: all, or names of events'
            cand --secret-env 'The environment variable that holds it'
            cand --secret-file 'The file that holds it; a relative path starts at pgwh.toml'
            cand --secret-command 'The command that prints it, with its arguments; comes last'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --unlisted 'Let an event be one that PGM is not known to have'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;remove'= {
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;secret'= {
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;webhook;help'= {
            cand init 'Write a commented pgwh.toml to start from'
            cand add 'Add a webhook; makes pgwh.toml when there is none'
            cand list 'Show all webhooks: URL, subscriptions, and whether the secret can be had'
            cand show 'Show one webhook'
            cand edit 'Change a webhook'
            cand remove 'Remove a webhook'
            cand secret 'Print a webhook''s secret, as PGM''s copy button does'
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
        &'pgwh;webhook;help;help'= {
        }
        &'pgwh;requests'= {
            cand --limit 'Show no more than this many, the newest'
            cand --format 'How to answer'
            cand --event 'Only those of this event'
            cand --webhook 'Only those that were sent to this webhook'
            cand --since 'Only those first sent since then: a time ago such as 2h, or a date'
            cand --id 'Only those whose request id begins like this'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --failed 'Only those that did not succeed: failed, unreachable or interrupted'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Show one request: its payload, and the response of each attempt'
            cand retry 'Send requests again, with the same id, signature and bytes'
            cand prune 'Remove old requests, irreversibly'
            cand export 'Write requests as captures, the oldest first'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;requests;show'= {
            cand --as 'Print the request alone, in this form'
            cand --format 'How to answer'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -v 'Show the headers of the responses, too'
            cand --verbose 'Show the headers of the responses, too'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;retry'= {
            cand --event 'Of those, only this event''s'
            cand --webhook 'Of those, only the ones to this webhook'
            cand --since 'Of those, only the ones first sent since then: a time ago such as 2h, or a date'
            cand --format 'How to answer'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --timeout 'Time limit of an attempt, from its start to the last byte of the response [default: 5s, as PGM allows]'
            cand --ca-cert 'Trust only the authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as curl''s option of that name does'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --header 'Send a header besides PGM''s own, or another value for one of those'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --failed 'All that did not succeed: failed, unreachable or interrupted'
            cand --resign 'Sign again, where the secret has changed since: with the secret given here, else with the webhook''s own'
            cand -v 'Show the headers of request and response'
            cand --verbose 'Show the headers of request and response'
            cand -q 'Show only the verdict'
            cand --quiet 'Show only the verdict'
            cand --insecure 'Trust any certificate'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;prune'= {
            cand --keep 'Keep this many, the newest [default: what pgwh.toml says, else 1000]'
            cand --older-than 'Remove those older than this [default: what pgwh.toml says, else 30d]'
            cand --format 'How to answer'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;export'= {
            cand --limit 'Write no more than this many, the newest'
            cand -o 'Append to this file in place of standard output'
            cand --output 'Append to this file in place of standard output'
            cand --event 'Only those of this event'
            cand --webhook 'Only those that were sent to this webhook'
            cand --since 'Only those first sent since then: a time ago such as 2h, or a date'
            cand --id 'Only those whose request id begins like this'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --failed 'Only those that did not succeed: failed, unreachable or interrupted'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;requests;help'= {
            cand show 'Show one request: its payload, and the response of each attempt'
            cand retry 'Send requests again, with the same id, signature and bytes'
            cand prune 'Remove old requests, irreversibly'
            cand export 'Write requests as captures, the oldest first'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgwh;requests;help;show'= {
        }
        &'pgwh;requests;help;retry'= {
        }
        &'pgwh;requests;help;prune'= {
        }
        &'pgwh;requests;help;export'= {
        }
        &'pgwh;requests;help;help'= {
        }
        &'pgwh;listen'= {
            cand --addr 'Listen on this address; port 0 picks a free one'
            cand --format 'Output format'
            cand --save 'Append each request to FILE, as a capture, before it gets a response'
            cand --rotate 'Rename FILE to FILE.1, FILE.2 … and start a new one before it exceeds SIZE'
            cand --save-fixtures 'Keep the newest payload of each event as DIR/EVENT.json'
            cand --status 'Respond with this status [default: 200]'
            cand --body 'Respond with this body [default: Ok]'
            cand --header 'Add a header to the response'
            cand --delay 'Wait before the response: 6s, or a time between two, 1s..3s'
            cand --drip 'Send the body byte by byte over this time'
            cand --fail-first 'Fail the first N attempts of each request id'
            cand --fail-rate 'Fail this share of the requests: 0 to 1'
            cand --seed 'Draw --fail-rate and --delay from this number, to repeat a run [default: a new one]'
            cand --script 'Choose responses by event or by number, as this TOML file says'
            cand --forward-to 'Forward each request to URL, and respond as this target does'
            cand --route 'Forward requests with this event to URL instead'
            cand --forward-header 'Set a header on forwarded requests'
            cand --forward-timeout 'Time for a target to respond; then the client gets a 504'
            cand --resolve 'Connect to ADDR for this host and port of a target, as with curl'
            cand --ca-cert 'Trust only the authorities in this PEM file, for targets with https'
            cand --expect 'Exit with 0 as soon as N valid requests have arrived'
            cand --expect-event 'Count only requests with this event; repeatable'
            cand --expect-data 'Count only requests whose data has this value, as in userId=7; repeatable'
            cand --timeout 'Exit with 1 when they have not arrived by then'
            cand --report 'Write what was expected and what arrived as JUnit XML: junit=FILE'
            cand --max-requests 'Exit after N requests, whatever they are'
            cand --tls-name 'Make that certificate for this name or address too; repeatable'
            cand --tls-ca 'Write the authority behind that certificate to FILE, for send --ca-cert'
            cand --cert 'Serve https, with this certificate (PEM)'
            cand --key 'The key of --cert (PEM)'
            cand --max-body 'Largest body; a larger one gets a 413'
            cand --max-head 'Largest head; a larger one gets a 431'
            cand --head-time 'Time to send a head, and for an idle connection; then a 408'
            cand --body-time 'Time to send a body; then a 408'
            cand --max-connections 'Open connections; the next one waits'
            cand --webhook 'Accept the secret of this webhook of pgwh.toml'
            cand --also-secret-file 'Accept another secret too, as while it is being changed'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --config 'The webhooks file [default: pgwh.toml in this folder or the nearest above it, else the one in your configuration folder]'
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
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
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;completions'= {
            cand --color 'When to color: auto checks the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;help'= {
            cand demo 'Take a quick tour; no setup needed'
            cand events 'List PGM''s events, or show one with its sample body'
            cand sign 'Build and sign a request without sending it'
            cand send 'Send events to a URL as PGM does, with retries or under load'
            cand verify 'Check whether captured requests are genuine, and why not'
            cand check-target 'Check whether a URL is ready for PGM'
            cand webhook 'Manage webhooks in pgwh.toml, like PGM''s webhooks list'
            cand requests 'Show and retry sent requests, like PGM''s Requests list'
            cand listen 'Receive requests here: verify, save, forward, or misbehave'
            cand completions 'Print a completion script for your shell'
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
        &'pgwh;help;verify'= {
        }
        &'pgwh;help;check-target'= {
        }
        &'pgwh;help;webhook'= {
            cand init 'Write a commented pgwh.toml to start from'
            cand add 'Add a webhook; makes pgwh.toml when there is none'
            cand list 'Show all webhooks: URL, subscriptions, and whether the secret can be had'
            cand show 'Show one webhook'
            cand edit 'Change a webhook'
            cand remove 'Remove a webhook'
            cand secret 'Print a webhook''s secret, as PGM''s copy button does'
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
        &'pgwh;help;requests'= {
            cand show 'Show one request: its payload, and the response of each attempt'
            cand retry 'Send requests again, with the same id, signature and bytes'
            cand prune 'Remove old requests, irreversibly'
            cand export 'Write requests as captures, the oldest first'
        }
        &'pgwh;help;requests;show'= {
        }
        &'pgwh;help;requests;retry'= {
        }
        &'pgwh;help;requests;prune'= {
        }
        &'pgwh;help;requests;export'= {
        }
        &'pgwh;help;listen'= {
        }
        &'pgwh;help;completions'= {
        }
        &'pgwh;help;help'= {
        }
    ]
    $completions[$command]
}
