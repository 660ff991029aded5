<?php
// Receives Perfect Gym webhooks with PHP 8.1 or later, no framework.
declare(strict_types=1);

$secret = getenv('PGM_WEBHOOK_SECRET') ?: throw new RuntimeException("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM");
// The old secret is accepted too while the secret is being changed.
$secrets = array_filter([$secret, getenv('PGM_WEBHOOK_SECRET_OLD')]);

/** Returns the signature in lower case, or null if the request is not from PGM. */
function verifiedSignature(array $headers, array $secrets): ?string
{
    $headers = array_change_key_case($headers);
    $id = trim($headers['x-perfectgym-request'] ?? '', " \t");
    $signature = strtolower(trim($headers['x-perfectgym-signature'] ?? '', " \t"));
    // A comma means repeated headers: PHP joins them.
    if (!preg_match('/\A[ -~]+\z/', $id) || str_contains($id, ',')) {
        return null;
    }
    foreach ($secrets as $secret) {
        if (hash_equals(md5("$id:$secret"), $signature)) {
            return $signature;
        }
    }
    return null;
}

/** PGM sends a request again with the same signature: a file per signature, for a day, tells. */
function isNew(string $signature): bool
{
    $directory = sys_get_temp_dir() . '/pgm-seen';
    @mkdir($directory, 0700);
    foreach (random_int(0, 99) === 0 ? glob("$directory/*") : [] as $file) {
        if (@filemtime($file) < time() - 86400) {
            @unlink($file);
        }
    }
    // x fails if the file exists. Where no file can be made, a repeat is better than a loss.
    return @fopen("$directory/$signature", 'x') !== false || !file_exists("$directory/$signature");
}

function work(array $envelope): void
{
    // Ignore Test and events you do not know; any field may be null.
    error_log($envelope['event'] . ' ' . ($envelope['data']['userId'] ?? ''));
}

$signature = verifiedSignature(getallheaders(), $secrets);
$envelope = $signature === null ? null : json_decode(file_get_contents('php://input'), true);
if ($signature === null || !is_array($envelope)) {
    http_response_code($signature === null ? 401 : 400);
    exit;
}
header('Content-Type: text/plain');
header('Content-Length: 2');
echo 'Ok'; // respond first, work later: PGM allows 5 seconds
function_exists('fastcgi_finish_request') ? fastcgi_finish_request() : flush();
if (isNew($signature)) {
    work($envelope);
}
