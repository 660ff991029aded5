<?php
// pgwh in a test with PHPUnit. Run: phpunit PgmTest.php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class PgmTest extends TestCase
{
    private const SECRET = 'the secret of the tests';
    private static $server;
    private static string $address;

    public static function setUpBeforeClass(): void
    {
        putenv('PGWH_SECRET=' . self::SECRET);
        putenv('PGM_WEBHOOK_SECRET=' . self::SECRET);
        // A free port: bind to port 0, and give it back.
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        self::$address = stream_socket_get_name($socket, false);
        fclose($socket);
        $command = [PHP_BINARY, '-S', self::$address, 'pgm.php']; // your receiver
        self::$server = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        for ($attempt = 0; $attempt < 200 && !@fsockopen('tcp://' . self::$address); $attempt++) {
            usleep(50_000);
        }
    }

    public static function tearDownAfterClass(): void
    {
        proc_terminate(self::$server);
    }

    /** A sample event as PGM would send it; options as for `pgwh sign`. */
    private static function sign(string $event, string ...$options): array
    {
        $command = implode(' ', array_map('escapeshellarg', ['pgwh', 'sign', $event, '--as', 'json', ...$options]));
        return json_decode(shell_exec($command), true, flags: JSON_THROW_ON_ERROR);
    }

    /** Returns the status and the body of the response. */
    private static function post(string $url, array $request): array
    {
        $headers = array_map(fn ($name, $value) => "$name: $value", array_keys($request['headers']), $request['headers']);
        $options = ['method' => 'POST', 'header' => $headers, 'content' => $request['body'], 'ignore_errors' => true];
        $body = file_get_contents($url, false, stream_context_create(['http' => $options]));
        return [(int) explode(' ', $http_response_header[0])[1], $body];
    }

    public function testAMemberWithoutAMailAddressIsAccepted(): void
    {
        $request = self::sign('UserModified', '--set', 'user.userEmail=null');
        self::assertSame([200, 'Ok'], self::post('http://' . self::$address . '/pgm', $request));
    }

    public function testAnotherSecretIsRefused(): void
    {
        $request = self::sign('Test', '--secret', 'not the secret');
        self::assertSame(401, self::post('http://' . self::$address . '/pgm', $request)[0]);
    }

    public function testWhatWeSendOnArrivesSigned(): void
    {
        $command = ['pgwh', 'listen', '--addr', '127.0.0.1:0', '--format', 'json', '--reject-invalid'];
        $goal = ['--expect', '1', '--expect-event', 'ClassesBooked', '--timeout', '10s'];
        $listen = proc_open([...$command, ...$goal], [1 => ['pipe', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        $ready = json_decode(fgets($pipes[1]), true);
        self::post($ready['url'], self::sign('ClassesBooked')); // in place of your code that sends requests on
        stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($listen));
    }
}
