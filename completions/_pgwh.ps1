
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'pgwh' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'pgwh'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'pgwh' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Take a quick tour; no setup needed')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'List PGM''s events, or show one with its sample body')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Build and sign a request without sending it')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send events to a URL as PGM does, with retries or under load')
            [CompletionResult]::new('play', 'play', [CompletionResultType]::ParameterValue, 'Play a story: a sequence of events with shared values')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check whether captured requests are genuine, and why not')
            [CompletionResult]::new('check-target', 'check-target', [CompletionResultType]::ParameterValue, 'Check whether a URL is ready for PGM')
            [CompletionResult]::new('webhook', 'webhook', [CompletionResultType]::ParameterValue, 'Manage webhooks in pgwh.toml, like PGM''s webhooks list')
            [CompletionResult]::new('requests', 'requests', [CompletionResultType]::ParameterValue, 'Show and retry sent requests, like PGM''s Requests list')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive requests here: verify, save, forward, or misbehave')
            [CompletionResult]::new('page', 'page', [CompletionResultType]::ParameterValue, 'Show requests, webhooks and events in the browser, live')
            [CompletionResult]::new('scaffold', 'scaffold', [CompletionResultType]::ParameterValue, 'Print a receiver in your language, ready to run')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for your shell')
            [CompletionResult]::new('supervise', 'supervise', [CompletionResultType]::ParameterValue, 'Runs a target for `check-target --start`; of no use to people')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;demo' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;events' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Compare the payload of EVENT with that of another event')
            [CompletionResult]::new('--fixtures', '--fixtures', [CompletionResultType]::ParameterName, 'Use the payloads in this folder too: files NAME.json, in place of samples of the same name')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Print a schema instead: JSON Schema of EVENT''s body, or OpenAPI of EVENT or of all events')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;sign' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'What to print [default: http; headers without an event or body]')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The URL of the printed request [default: the webhook''s, or https://example.com/pgm]')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'Use the secret and URL of this webhook of pgwh.toml')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Sign this request id instead of a new one')
            [CompletionResult]::new('--triggered-date', '--triggered-date', [CompletionResultType]::ParameterName, 'Set triggeredDate: a date, now, or an offset such as -5m [default: now]')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Replace the sample''s `data`: JSON, @FILE, or - for standard input')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Replace one value in `data`, such as user.userId=42; repeatable')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Add a value at a path that `data` does not have yet; repeatable')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove a value from `data`; repeatable')
            [CompletionResult]::new('--set-date', '--set-date', [CompletionResultType]::ParameterName, 'Set a date in `data`, such as startDate=+2d; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Use exactly these bytes as the body')
            [CompletionResult]::new('--fixtures', '--fixtures', [CompletionResultType]::ParameterName, 'A folder with your own payloads')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file [default: $PGWH_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine can see it in the process list')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--edit', '--edit', [CompletionResultType]::ParameterName, 'Edit the body in $VISUAL or $EDITOR before it is signed')
            [CompletionResult]::new('--unlisted', '--unlisted', [CompletionResultType]::ParameterName, 'Allow an EVENT that neither the built-in samples nor --fixtures have; needs --data')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;send' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The URL to call [default: the subscribed webhooks of pgwh.toml]')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'Send to this webhook of pgwh.toml only; repeatable')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Send captured requests again, with their ids and bodies')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Send only the captured request whose id begins with ID, or the last one')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Send only captured requests of this event')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this request id instead of a new one')
            [CompletionResult]::new('--triggered-date', '--triggered-date', [CompletionResultType]::ParameterName, 'Set triggeredDate: a date, now, or an offset such as -5m [default: now]')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Append the requests to a file, as captures')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times while it fails, with the same id and bytes')
            [CompletionResult]::new('--retry-delay', '--retry-delay', [CompletionResultType]::ParameterName, 'Wait this long before each retry [default: 1s]')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'Keep the delay between retries fixed, or double it each time [default: fixed]')
            [CompletionResult]::new('--retry-on', '--retry-on', [CompletionResultType]::ParameterName, 'What to retry: failure (anything but a 2xx in time), or any of timeout, unreachable, broken, 3xx, 4xx, 5xx, a status [default: failure]')
            [CompletionResult]::new('--repeat', '--repeat', [CompletionResultType]::ParameterName, 'Send the same request N times, whatever the responses')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Send N new requests and report how the target held up')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'Send new requests for this long')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'The most connections [default: 64; with --rate 512, opened as needed]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads that share the connections [default: one per core; with --rate one]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Start requests at this rate, such as 500/s or growing 10/s..500/s')
            [CompletionResult]::new('--vary', '--vary', [CompletionResultType]::ParameterName, 'Set a path in `data` to a random whole number from FROM to TO; repeatable')
            [CompletionResult]::new('--repeat-rate', '--repeat-rate', [CompletionResultType]::ParameterName, 'Send this share of the requests twice, as PGM has been seen to do: 0.05 is one in twenty')
            [CompletionResult]::new('--allow-failures', '--allow-failures', [CompletionResultType]::ParameterName, 'Exit with 0 if at most this many fail: a number, or a share such as 0.1%')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write a report to FILE: human, json or markdown; repeatable')
            [CompletionResult]::new('--histogram', '--histogram', [CompletionResultType]::ParameterName, 'Write the latencies to FILE in HdrHistogram''s text format, in milliseconds')
            [CompletionResult]::new('--export', '--export', [CompletionResultType]::ParameterName, 'Write the load to a file as a script for k6, and send nothing')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Replace the sample''s `data`: JSON, @FILE, or - for standard input')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Replace one value in `data`, such as user.userId=42; repeatable')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'Add a value at a path that `data` does not have yet; repeatable')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove a value from `data`; repeatable')
            [CompletionResult]::new('--set-date', '--set-date', [CompletionResultType]::ParameterName, 'Set a date in `data`, such as startDate=+2d; repeatable')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Use exactly these bytes as the body')
            [CompletionResult]::new('--fixtures', '--fixtures', [CompletionResultType]::ParameterName, 'A folder with your own payloads')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file [default: $PGWH_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine can see it in the process list')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit of an attempt [default: 5s, as PGM allows]')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a header, replace one of PGM''s, or leave one out with ''NAME:''; repeatable')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust only the certificate authorities in this PEM file')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for this host and port, as with curl; repeatable')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--unsigned', '--unsigned', [CompletionResultType]::ParameterName, 'Leave out the request id and the signature, like a webhook without a secret')
            [CompletionResult]::new('--wrong-signature', '--wrong-signature', [CompletionResultType]::ParameterName, 'Send a wrong signature, which a receiver must reject')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Do not add the requests to the requests list')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the headers of requests and responses')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the headers of requests and responses')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the verdict')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the verdict')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Send all repeats at the same time')
            [CompletionResult]::new('--yes-load-test', '--yes-load-test', [CompletionResultType]::ParameterName, 'Confirm that you may load-test a public host')
            [CompletionResult]::new('--edit', '--edit', [CompletionResultType]::ParameterName, 'Edit the body in $VISUAL or $EDITOR before it is signed')
            [CompletionResult]::new('--unlisted', '--unlisted', [CompletionResultType]::ParameterName, 'Allow an EVENT that neither the built-in samples nor --fixtures have; needs --data')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('--http2', '--http2', [CompletionResultType]::ParameterName, 'Send over HTTP/2 instead of HTTP/1.1; header names are then in lower case')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;play' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The URL to call [default: as the story says, else the subscribed webhooks of pgwh.toml]')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'Send everything to this webhook of pgwh.toml')
            [CompletionResult]::new('--speed', '--speed', [CompletionResultType]::ParameterName, 'Play faster or slower than written, such as 10x or 0.5x')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Write a story from the requests list, or from the captures of --from')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'With --record: read captures from a file, or standard input with -')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'With --record: only requests since then: a time ago such as 2h, or a date')
            [CompletionResult]::new('--fixtures', '--fixtures', [CompletionResultType]::ParameterName, 'A folder with your own payloads')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write a report to FILE; repeatable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file [default: $PGWH_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine can see it in the process list')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit of an attempt [default: 5s, as PGM allows]')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a header, replace one of PGM''s, or leave one out with ''NAME:''; repeatable')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust only the certificate authorities in this PEM file')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for this host and port, as with curl; repeatable')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the built-in stories')
            [CompletionResult]::new('--show', '--show', [CompletionResultType]::ParameterName, 'Print the story''s file')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would be sent, without sending it')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Do not add the requests to the requests list')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;verify' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--anonymize', '--anonymize', [CompletionResultType]::ParameterName, 'Write a copy without personal data to the new file FILE')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain a finding and what to do; without ID, list all findings')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'The value of X-PerfectGym-Request')
            [CompletionResult]::new('--signature', '--signature', [CompletionResultType]::ParameterName, 'The value of X-PerfectGym-Signature')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'The body: text, @FILE, or - for standard input')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write a report to FILE; repeatable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file [default: $PGWH_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine can see it in the process list')
            [CompletionResult]::new('--also-secret-file', '--also-secret-file', [CompletionResultType]::ParameterName, 'Also accept the secret in FILE, and call it NAME; repeatable')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'Also accept the secret of this webhook of pgwh.toml; repeatable')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every capture and every finding')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every capture and every finding')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing; use the exit code and --report files')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing; use the exit code and --report files')
            [CompletionResult]::new('--show-expected', '--show-expected', [CompletionResultType]::ParameterName, 'Show the signature that an invalid capture should have')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;check-target' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait up to this long for the target to accept connections')
            [CompletionResult]::new('--start', '--start', [CompletionResultType]::ParameterName, 'Start the target with this shell command, and end it after the check')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Run only these checks; --list shows all')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Skip these checks')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Also send these events: names, or `all`. Every id in them is 999999999')
            [CompletionResult]::new('--samples', '--samples', [CompletionResultType]::ParameterName, 'Measure the time of N responses')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'How long a response may take: 5s, which is all that PGM allows, or less')
            [CompletionResult]::new('--burst', '--burst', [CompletionResultType]::ParameterName, 'Also send N different requests at once')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain what a check sends, why it matters and what to do; without ID, list them')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write a report to FILE; repeatable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file [default: $PGWH_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine can see it in the process list')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a header, replace one of PGM''s, or leave one out with ''NAME:''; repeatable')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust only the certificate authorities in this PEM file')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for this host and port, as with curl; repeatable')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a response at all [default: 10s]')
            [CompletionResult]::new('--all-webhooks', '--all-webhooks', [CompletionResultType]::ParameterName, 'Check every webhook of pgwh.toml, one after another')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat recommendations as requirements')
            [CompletionResult]::new('--require-signature', '--require-signature', [CompletionResultType]::ParameterName, 'Fail if bad signatures are accepted')
            [CompletionResult]::new('--allow-url', '--allow-url', [CompletionResultType]::ParameterName, 'Accept a URL that PGM would not call: not https, or not on port 443')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the checks with their levels and sources')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented pgwh.toml to start from')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a webhook; creates pgwh.toml if missing')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show all webhooks: URL, subscriptions, and whether the secret is available')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one webhook')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a webhook')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a webhook')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Print a webhook''s secret, as PGM''s copy button does')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Trust the commands that print secrets, so that pgwh may run them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;webhook;init' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file to write [default: pgwh.toml in this folder]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook;add' {
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The URL to call')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'The events it is subscribed to')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Read the secret from this environment variable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from this file')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this command to get the secret; must be the last flag, with the command''s arguments')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--unlisted', '--unlisted', [CompletionResultType]::ParameterName, 'Allow events that PGM is not known to have')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook;edit' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Change the name')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Change the URL')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Replace the events it is subscribed to')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Read the secret from this environment variable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from this file')
            [CompletionResult]::new('--secret-command', '--secret-command', [CompletionResultType]::ParameterName, 'Run this command to get the secret; must be the last flag, with the command''s arguments')
            [CompletionResult]::new('--previous-secret-env', '--previous-secret-env', [CompletionResultType]::ParameterName, 'Also accept the old secret in this environment variable')
            [CompletionResult]::new('--previous-secret-file', '--previous-secret-file', [CompletionResultType]::ParameterName, 'Also accept the old secret in this file')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--unlisted', '--unlisted', [CompletionResultType]::ParameterName, 'Allow events that PGM is not known to have')
            [CompletionResult]::new('--no-previous-secret', '--no-previous-secret', [CompletionResultType]::ParameterName, 'No longer accept an old secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook;remove' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook;secret' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook;trust' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;webhook;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented pgwh.toml to start from')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a webhook; creates pgwh.toml if missing')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show all webhooks: URL, subscriptions, and whether the secret is available')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one webhook')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a webhook')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a webhook')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Print a webhook''s secret, as PGM''s copy button does')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Trust the commands that print secrets, so that pgwh may run them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;webhook;help;init' {
            break
        }
        'pgwh;webhook;help;add' {
            break
        }
        'pgwh;webhook;help;list' {
            break
        }
        'pgwh;webhook;help;show' {
            break
        }
        'pgwh;webhook;help;edit' {
            break
        }
        'pgwh;webhook;help;remove' {
            break
        }
        'pgwh;webhook;help;secret' {
            break
        }
        'pgwh;webhook;help;trust' {
            break
        }
        'pgwh;webhook;help;help' {
            break
        }
        'pgwh;requests' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show only the newest N requests')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Only requests of this event')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'Only requests sent to this webhook')
            [CompletionResult]::new('--story', '--story', [CompletionResultType]::ParameterName, 'Only requests of this story, which `pgwh play` sent')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only requests first sent since then: a time ago such as 2h, or a date')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only requests whose id begins with this')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only unsuccessful requests: failed, unreachable or interrupted')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one request: its payload, and the response of each attempt')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Send requests again, with the same id, signature and bytes')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what differs between the payloads of two requests')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove old requests, irreversibly')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write requests as captures, oldest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;requests;show' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Print only the request, in this form')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the headers of the responses')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the headers of the responses')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;requests;retry' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'With --failed: only requests of this event')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'With --failed: only requests to this webhook')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'With --failed: only requests first sent since then: a time ago such as 2h, or a date')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Send to this URL instead, as a new request of the list')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file [default: $PGWH_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine can see it in the process list')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit of an attempt [default: 5s, as PGM allows]')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust only the certificate authorities in this PEM file')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for this host and port, as with curl; repeatable')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a header, replace one of PGM''s, or leave one out with ''NAME:''; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'All unsuccessful requests: failed, unreachable or interrupted')
            [CompletionResult]::new('--resign', '--resign', [CompletionResultType]::ParameterName, 'Sign again because the secret has changed, with the secret given here, else with the webhook''s')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the headers of requests and responses')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the headers of requests and responses')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the verdict')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the verdict')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;requests;diff' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;requests;prune' {
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Keep the newest N requests [default: as in pgwh.toml, else 1000]')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Remove requests older than this [default: as in pgwh.toml, else 30d]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;requests;export' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Write only the newest N requests')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Append to this file instead of printing; - prints')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Append to this file instead of printing; - prints')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Only requests of this event')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'Only requests sent to this webhook')
            [CompletionResult]::new('--story', '--story', [CompletionResultType]::ParameterName, 'Only requests of this story, which `pgwh play` sent')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only requests first sent since then: a time ago such as 2h, or a date')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Only requests whose id begins with this')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only unsuccessful requests: failed, unreachable or interrupted')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;requests;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one request: its payload, and the response of each attempt')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Send requests again, with the same id, signature and bytes')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what differs between the payloads of two requests')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove old requests, irreversibly')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write requests as captures, oldest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;requests;help;show' {
            break
        }
        'pgwh;requests;help;retry' {
            break
        }
        'pgwh;requests;help;diff' {
            break
        }
        'pgwh;requests;help;prune' {
            break
        }
        'pgwh;requests;help;export' {
            break
        }
        'pgwh;requests;help;help' {
            break
        }
        'pgwh;listen' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--addr', '--addr', [CompletionResultType]::ParameterName, 'Listen on this address; port 0 picks a free one')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Append each request to FILE, as a capture, before responding')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Rename FILE to FILE.1, FILE.2 … and start a new one before it exceeds SIZE')
            [CompletionResult]::new('--save-fixtures', '--save-fixtures', [CompletionResultType]::ParameterName, 'Keep the newest payload of each event as DIR/EVENT.json')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Respond with this status [default: 200]')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Respond with this body [default: Ok]')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a header to the response; repeatable')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'Delay the response by 6s, or by a random time such as 1s..3s')
            [CompletionResult]::new('--drip', '--drip', [CompletionResultType]::ParameterName, 'Send the body byte by byte over this time')
            [CompletionResult]::new('--fail-first', '--fail-first', [CompletionResultType]::ParameterName, 'Fail the first N attempts of each request id')
            [CompletionResult]::new('--fail-rate', '--fail-rate', [CompletionResultType]::ParameterName, 'Fail this share of the requests: 0 to 1')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed --fail-rate and --delay with this number, to repeat a run [default: a new one]')
            [CompletionResult]::new('--script', '--script', [CompletionResultType]::ParameterName, 'Choose responses by event, request or attempt, with the rules in this TOML file')
            [CompletionResult]::new('--forward-to', '--forward-to', [CompletionResultType]::ParameterName, 'Forward each request to URL, and respond as this target does')
            [CompletionResult]::new('--route', '--route', [CompletionResultType]::ParameterName, 'Forward requests with this event to URL instead; repeatable')
            [CompletionResult]::new('--forward-header', '--forward-header', [CompletionResultType]::ParameterName, 'Set a header on forwarded requests; repeatable')
            [CompletionResult]::new('--forward-timeout', '--forward-timeout', [CompletionResultType]::ParameterName, 'Time limit for a target; after it, the client gets a 504 [default: 30s]')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for this host and port of a target, as with curl; repeatable')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust only the authorities in this PEM file, for targets with https')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Exit with 0 as soon as N valid requests have arrived')
            [CompletionResult]::new('--expect-event', '--expect-event', [CompletionResultType]::ParameterName, 'Count only requests with this event; repeatable')
            [CompletionResult]::new('--expect-data', '--expect-data', [CompletionResultType]::ParameterName, 'Count only requests whose data has this value, as in userId=7; repeatable')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Exit with 1 if they have not arrived by then')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write what was expected and what arrived, as JUnit XML: junit=FILE')
            [CompletionResult]::new('--max-requests', '--max-requests', [CompletionResultType]::ParameterName, 'Exit after N requests, whatever they are')
            [CompletionResult]::new('--tls-name', '--tls-name', [CompletionResultType]::ParameterName, 'Add this name or address to that certificate; repeatable')
            [CompletionResult]::new('--tls-ca', '--tls-ca', [CompletionResultType]::ParameterName, 'Write the authority behind that certificate to FILE, for send --ca-cert')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Serve https, with this certificate (PEM)')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key of --cert (PEM)')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Largest body; a larger one gets a 413')
            [CompletionResult]::new('--max-head', '--max-head', [CompletionResultType]::ParameterName, 'Largest head; a larger one gets a 431')
            [CompletionResult]::new('--head-time', '--head-time', [CompletionResultType]::ParameterName, 'Time limit for a head, and for an idle connection; after it, a 408')
            [CompletionResult]::new('--body-time', '--body-time', [CompletionResultType]::ParameterName, 'Time limit for a body; after it, a 408')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Most open connections; further ones wait')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'Accept the secret of this webhook of pgwh.toml; repeatable')
            [CompletionResult]::new('--also-secret-file', '--also-secret-file', [CompletionResultType]::ParameterName, 'Also accept the secret in FILE, for example while it is being changed')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file [default: $PGWH_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine can see it in the process list')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--page-addr', '--page-addr', [CompletionResultType]::ParameterName, 'Serve the page on this address [default: 127.0.0.1:4180, or the next free port]')
            [CompletionResult]::new('--page-host', '--page-host', [CompletionResultType]::ParameterName, 'Allow this host name in the page''s URL, besides localhost; repeatable')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show headers and bodies')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show headers and bodies')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the first line and the summary')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the first line and the summary')
            [CompletionResult]::new('--sync', '--sync', [CompletionResultType]::ParameterName, 'Respond only after the capture is on the disk (fsync)')
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Close the connection without a response')
            [CompletionResult]::new('--reject-invalid', '--reject-invalid', [CompletionResultType]::ParameterName, 'Respond 401 to requests that do not verify')
            [CompletionResult]::new('--only-valid', '--only-valid', [CompletionResultType]::ParameterName, 'Forward only requests that verify')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate of a target')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Serve https, with a certificate made for this run')
            [CompletionResult]::new('--allow-browser', '--allow-browser', [CompletionResultType]::ParameterName, 'Accept requests that a web page of another site sends from a browser')
            [CompletionResult]::new('--page', '--page', [CompletionResultType]::ParameterName, 'Also show received requests in the browser, on another port')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Open the page in the browser')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;page' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--captures', '--captures', [CompletionResultType]::ParameterName, 'Also show the requests that a receiver saves in FILE, as it grows')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--page-addr', '--page-addr', [CompletionResultType]::ParameterName, 'Serve the page on this address [default: 127.0.0.1:4180, or the next free port]')
            [CompletionResult]::new('--page-host', '--page-host', [CompletionResultType]::ParameterName, 'Allow this host name in the page''s URL, besides localhost; repeatable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret from a file [default: $PGWH_SECRET]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself; other users of this machine can see it in the process list')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Use this pgwh.toml')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Open the page in the browser')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;scaffold' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the receiver''s files into this folder')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite files in --out')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;supervise' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Color the output: auto, always or never')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;help' {
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Take a quick tour; no setup needed')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'List PGM''s events, or show one with its sample body')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Build and sign a request without sending it')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send events to a URL as PGM does, with retries or under load')
            [CompletionResult]::new('play', 'play', [CompletionResultType]::ParameterValue, 'Play a story: a sequence of events with shared values')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check whether captured requests are genuine, and why not')
            [CompletionResult]::new('check-target', 'check-target', [CompletionResultType]::ParameterValue, 'Check whether a URL is ready for PGM')
            [CompletionResult]::new('webhook', 'webhook', [CompletionResultType]::ParameterValue, 'Manage webhooks in pgwh.toml, like PGM''s webhooks list')
            [CompletionResult]::new('requests', 'requests', [CompletionResultType]::ParameterValue, 'Show and retry sent requests, like PGM''s Requests list')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive requests here: verify, save, forward, or misbehave')
            [CompletionResult]::new('page', 'page', [CompletionResultType]::ParameterValue, 'Show requests, webhooks and events in the browser, live')
            [CompletionResult]::new('scaffold', 'scaffold', [CompletionResultType]::ParameterValue, 'Print a receiver in your language, ready to run')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for your shell')
            [CompletionResult]::new('supervise', 'supervise', [CompletionResultType]::ParameterValue, 'Runs a target for `check-target --start`; of no use to people')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;help;demo' {
            break
        }
        'pgwh;help;events' {
            break
        }
        'pgwh;help;sign' {
            break
        }
        'pgwh;help;send' {
            break
        }
        'pgwh;help;play' {
            break
        }
        'pgwh;help;verify' {
            break
        }
        'pgwh;help;check-target' {
            break
        }
        'pgwh;help;webhook' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented pgwh.toml to start from')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a webhook; creates pgwh.toml if missing')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show all webhooks: URL, subscriptions, and whether the secret is available')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one webhook')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a webhook')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a webhook')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Print a webhook''s secret, as PGM''s copy button does')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Trust the commands that print secrets, so that pgwh may run them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;help;webhook;init' {
            break
        }
        'pgwh;help;webhook;add' {
            break
        }
        'pgwh;help;webhook;list' {
            break
        }
        'pgwh;help;webhook;show' {
            break
        }
        'pgwh;help;webhook;edit' {
            break
        }
        'pgwh;help;webhook;remove' {
            break
        }
        'pgwh;help;webhook;secret' {
            break
        }
        'pgwh;help;webhook;trust' {
            break
        }
        'pgwh;help;webhook;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented pgwh.toml to start from')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a webhook; creates pgwh.toml if missing')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show all webhooks: URL, subscriptions, and whether the secret is available')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one webhook')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change a webhook')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a webhook')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Print a webhook''s secret, as PGM''s copy button does')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Trust the commands that print secrets, so that pgwh may run them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;help;webhook;help;init' {
            break
        }
        'pgwh;help;webhook;help;add' {
            break
        }
        'pgwh;help;webhook;help;list' {
            break
        }
        'pgwh;help;webhook;help;show' {
            break
        }
        'pgwh;help;webhook;help;edit' {
            break
        }
        'pgwh;help;webhook;help;remove' {
            break
        }
        'pgwh;help;webhook;help;secret' {
            break
        }
        'pgwh;help;webhook;help;trust' {
            break
        }
        'pgwh;help;webhook;help;help' {
            break
        }
        'pgwh;help;requests' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one request: its payload, and the response of each attempt')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Send requests again, with the same id, signature and bytes')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what differs between the payloads of two requests')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove old requests, irreversibly')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write requests as captures, oldest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;help;requests;show' {
            break
        }
        'pgwh;help;requests;retry' {
            break
        }
        'pgwh;help;requests;diff' {
            break
        }
        'pgwh;help;requests;prune' {
            break
        }
        'pgwh;help;requests;export' {
            break
        }
        'pgwh;help;requests;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one request: its payload, and the response of each attempt')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Send requests again, with the same id, signature and bytes')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what differs between the payloads of two requests')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove old requests, irreversibly')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write requests as captures, oldest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgwh;help;requests;help;show' {
            break
        }
        'pgwh;help;requests;help;retry' {
            break
        }
        'pgwh;help;requests;help;diff' {
            break
        }
        'pgwh;help;requests;help;prune' {
            break
        }
        'pgwh;help;requests;help;export' {
            break
        }
        'pgwh;help;requests;help;help' {
            break
        }
        'pgwh;help;listen' {
            break
        }
        'pgwh;help;page' {
            break
        }
        'pgwh;help;scaffold' {
            break
        }
        'pgwh;help;completions' {
            break
        }
        'pgwh;help;supervise' {
            break
        }
        'pgwh;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
