
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Shows the toolkit at work in two seconds: starts a receiver on this machine, sends it an event that it fails once and then accepts, verifies what arrived, and checks the target. Needs no argument, no file and no network')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Lists the events that PGM sends: the name, when it is sent, and how sure its payload is. With a name: that event with its sample body')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Builds and signs the request that `send` would send, and prints it. With --request-id and no event: the two headers for that id')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Sends events to a URL, signed as PGM signs them, and says what PGM would make of the answer')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Says for each captured request whether its signature was made with your secret')
            [CompletionResult]::new('check-target', 'check-target', [CompletionResultType]::ParameterValue, 'Says whether a URL is fit for PGM: whether it meets what PGM demands, and survives what PGM does. Sends only the event Test, unless you ask for more, so that nothing is booked anywhere')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Prints a completion script for your shell')
            break
        }
        'pgwh;demo' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;events' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE')
            [CompletionResult]::new('--fixtures', '--fixtures', [CompletionResultType]::ParameterName, 'A folder of your own payloads, NAME.json each, over the built-in ones or beside them')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to answer')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;sign' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'What to print [default: http, or headers when there is no body]')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The URL that the printed request is for')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Sign this request id instead of a new one')
            [CompletionResult]::new('--triggered-date', '--triggered-date', [CompletionResultType]::ParameterName, 'When the event happened: a date, now, -5m [default: now]')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Replace the sample''s `data`: JSON, @FILE, or - for standard input')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"), else it is text. PATH: user.userId, list[0], "a key with . or ="')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'The same for a path that `data` does not have yet')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Send exactly these bytes as the body: text, @FILE, or - for standard input')
            [CompletionResult]::new('--fixtures', '--fixtures', [CompletionResultType]::ParameterName, 'A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They go over the built-in samples, or beside them')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The webhook''s secret itself. Other users of this machine can see it in the list of processes')
            [CompletionResult]::new('--unlisted', '--unlisted', [CompletionResultType]::ParameterName, 'Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;send' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The URL to call')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Send captured requests again, each with its own id and body; - for standard input. Signed with your secret if you give one, else with the captured signature')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this request id instead of a new one')
            [CompletionResult]::new('--triggered-date', '--triggered-date', [CompletionResultType]::ParameterName, 'When the event happened: a date, now, -5m [default: now]')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Append what was sent to a file, as captures')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Send again this often while it fails, with the same id and bytes')
            [CompletionResult]::new('--retry-delay', '--retry-delay', [CompletionResultType]::ParameterName, 'Time before a retry')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'How the time before a retry grows')
            [CompletionResult]::new('--retry-on', '--retry-on', [CompletionResultType]::ParameterName, 'What to retry: failure (everything that is not a 2xx in time), or any of timeout, unreachable, broken, 3xx, 4xx, 5xx, a status')
            [CompletionResult]::new('--repeat', '--repeat', [CompletionResultType]::ParameterName, 'Send the same request this often whatever the answer')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Replace the sample''s `data`: JSON, @FILE, or - for standard input')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Replace one value in `data`. VALUE is typed like JSON (42, true, null, {"a":1}, "42"), else it is text. PATH: user.userId, list[0], "a key with . or ="')
            [CompletionResult]::new('--add', '--add', [CompletionResultType]::ParameterName, 'The same for a path that `data` does not have yet')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Send exactly these bytes as the body: text, @FILE, or - for standard input')
            [CompletionResult]::new('--fixtures', '--fixtures', [CompletionResultType]::ParameterName, 'A folder of your own payloads, NAME.json each: a bare `data` or a whole envelope. They go over the built-in samples, or beside them')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The webhook''s secret itself. Other users of this machine can see it in the list of processes')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for an attempt, from its start to the last byte of the answer. PGM gives 5s')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Send a header besides PGM''s own, or another value for one of those')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust only the authorities in this PEM file')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for this host and port, as curl''s option of that name does')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the headers of request and response')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the headers of request and response')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the verdict')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the verdict')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Send the repeats all at once')
            [CompletionResult]::new('--unlisted', '--unlisted', [CompletionResultType]::ParameterName, 'Let EVENT be one that neither the catalogue nor --fixtures knows; needs --data')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;verify' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to answer')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The webhook''s secret itself. Other users of this machine can see it in the list of processes')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;check-target' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to answer')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Make only these checks; --list shows all')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Leave these checks out')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Send these events too: names, or `all`. Every id in them is 999999999')
            [CompletionResult]::new('--samples', '--samples', [CompletionResultType]::ParameterName, 'Time this many answers')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'The time that an answer may take')
            [CompletionResult]::new('--burst', '--burst', [CompletionResultType]::ParameterName, 'Send this many different requests at once, too')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Tell what a check sends, why it matters and what to do')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the webhook''s secret from a file, or from standard input with `-`; one line break at its end is left out. Without it: the environment variable PGWH_SECRET')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The webhook''s secret itself. Other users of this machine can see it in the list of processes')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Send a header besides PGM''s own, or another value for one of those')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust only the authorities in this PEM file')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for this host and port, as curl''s option of that name does')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time to wait for an answer at all; one that comes after --max-time has failed, but it is told how late it was')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let advice count like a demand')
            [CompletionResult]::new('--require-signature', '--require-signature', [CompletionResultType]::ParameterName, 'Make it a demand that bad signatures are refused')
            [CompletionResult]::new('--allow-url', '--allow-url', [CompletionResultType]::ParameterName, 'Accept a URL that PGM would not call: not https, or not on port 443')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the checks with their levels and sources')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Trust any certificate')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'pgwh;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
