
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
            cand --color 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand demo 'Shows the toolkit at work in two seconds: starts a receiver on this machine, sends it an event that it fails once and then accepts, verifies what arrived, and checks the target. Needs no argument, no file and no network'
            cand events 'Lists the events that PGM sends: the name, when it is sent, and how sure its payload is. With a name: that event with its sample body'
            cand sign 'Builds and signs the request that `send` would send, and prints it. With --request-id and no event: the two headers for that id'
            cand send 'Sends events to a URL, signed as PGM signs them, and says what PGM would make of the answer'
            cand verify 'Says for each captured request whether its signature was made with your secret'
            cand check-target 'Says whether a URL is fit for PGM: whether it meets what PGM demands, and survives what PGM does. Sends only the event Test, unless you ask for more, so that nothing is booked anywhere'
            cand completions 'Prints a completion script for your shell'
        }
        &'pgwh;demo'= {
            cand --color 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;events'= {
            cand --color 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --fixtures 'A folder of your own payloads, NAME.json each, over the built-in ones or beside them'
            cand --format 'How to answer'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;sign'= {
            cand --color 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --as 'What to print [default: http, or headers when there is no body]'
            cand --url 'The URL that the printed request is for'
            cand --request-id 'Sign this request id instead of a new one'
            cand --triggered-date 'When the event happened: a date, now, -5m [default: now]'
            cand --data 'Replace the sample''s `data`: JSON, @FILE, or - for standard input'
            cand --set 'Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"), else it is text. PATH: user.userId, list[0], "a key with . or ="'
            cand --add 'The same for a path that `data` does not have yet'
            cand --body 'Send exactly these bytes as the body: text, @FILE, or - for standard input'
            cand --fixtures 'A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They go over the built-in samples, or beside them'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --unlisted 'Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;send'= {
            cand --color 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --url 'The URL to call'
            cand --from 'Send captured requests again, each with its own id and body; - for standard input. Signed with your secret if you give one, else with the captured signature'
            cand --request-id 'Use this request id instead of a new one'
            cand --triggered-date 'When the event happened: a date, now, -5m [default: now]'
            cand --save 'Append what was sent to a file, as captures'
            cand --format 'How to answer'
            cand --retries 'Send again this often while it fails, with the same id and bytes'
            cand --retry-delay 'Time before a retry'
            cand --backoff 'How the time before a retry grows'
            cand --retry-on 'What to retry: failure (everything that is not a 2xx in time), or any of timeout, unreachable, broken, 3xx, 4xx, 5xx, a status'
            cand --repeat 'Send the same request this often whatever the answer'
            cand --data 'Replace the sample''s `data`: JSON, @FILE, or - for standard input'
            cand --set 'Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"), else it is text. PATH: user.userId, list[0], "a key with . or ="'
            cand --add 'The same for a path that `data` does not have yet'
            cand --body 'Send exactly these bytes as the body: text, @FILE, or - for standard input'
            cand --fixtures 'A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They go over the built-in samples, or beside them'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --timeout 'Time for an attempt, from its start to the last byte of the answer. PGM gives 5s'
            cand --header 'Send a header besides PGM''s own, or another value for one of those'
            cand --ca-cert 'Trust only the authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as curl''s option of that name does'
            cand -v 'Show the headers of request and response'
            cand --verbose 'Show the headers of request and response'
            cand -q 'Show only the verdict'
            cand --quiet 'Show only the verdict'
            cand --parallel 'Send the repeats all at once'
            cand --unlisted 'Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data'
            cand --insecure 'Trust any certificate'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;verify'= {
            cand --color 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --format 'How to answer'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;check-target'= {
            cand --color 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand --format 'How to answer'
            cand --only 'Make only these checks; --list shows all'
            cand --skip 'Leave these checks out'
            cand --events 'Send these events too: names, or `all`. Every id in them is 999999999'
            cand --samples 'Time this many answers'
            cand --max-time 'The time that an answer may take'
            cand --burst 'Send this many different requests at once, too'
            cand --explain 'Tell what a check sends, why it matters and what to do'
            cand --secret-file 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET'
            cand --secret 'The webhook''s secret itself. Other users of this machine can see it in the list of processes'
            cand --header 'Send a header besides PGM''s own, or another value for one of those'
            cand --ca-cert 'Trust only the authorities in this PEM file'
            cand --resolve 'Connect to ADDR for this host and port, as curl''s option of that name does'
            cand --timeout 'Time to wait for an answer at all; one that comes after --max-time has failed, but it is told how late it was'
            cand --strict 'Let advice count like a demand'
            cand --require-signature 'Make it a demand that bad signatures are refused'
            cand --allow-url 'Accept a URL that PGM would not call: not https, or not on port 443'
            cand --list 'List the checks with their levels and sources'
            cand --insecure 'Trust any certificate'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'pgwh;completions'= {
            cand --color 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
