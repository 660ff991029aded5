// Receives Perfect Gym webhooks with an ASP.NET Core minimal API (.NET 8 or later).
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;

var secret = Environment.GetEnvironmentVariable("PGM_WEBHOOK_SECRET");
if (string.IsNullOrEmpty(secret)) throw new InvalidOperationException("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM");
// The old secret is accepted too while the secret is being changed.
string?[] secrets = [secret, Environment.GetEnvironmentVariable("PGM_WEBHOOK_SECRET_OLD")];

// Signatures of the latest requests: PGM sends a request again with the same one. A table with a
// unique key would survive a restart and serve several processes.
var seen = new ConcurrentDictionary<string, bool>();
var order = new ConcurrentQueue<string>();
bool IsNew(string signature)
{
    if (!seen.TryAdd(signature, true)) return false;
    order.Enqueue(signature);
    if (order.Count > 10_000 && order.TryDequeue(out var oldest)) seen.TryRemove(oldest, out _);
    return true;
}

// Returns the signature in lower case, or null if the request is not from PGM.
string? VerifiedSignature(IHeaderDictionary headers)
{
    var (ids, signatures) = (headers["X-PerfectGym-Request"], headers["X-PerfectGym-Signature"]);
    if (ids.Count != 1 || signatures.Count != 1) return null;
    var (id, received) = (ids[0] ?? "", (signatures[0] ?? "").ToLowerInvariant());
    // A comma means that a proxy joined repeated headers.
    if (!Regex.IsMatch(id, @"\A[ -~]+\z") || id.Contains(',')) return null;
    var matches = secrets.Where(known => !string.IsNullOrEmpty(known)).Any(known => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes($"{id}:{known}"))).ToLowerInvariant()),
        Encoding.UTF8.GetBytes(received)));
    return matches ? received : null;
}

var jobs = Channel.CreateUnbounded<JsonElement>();
_ = Task.Run(async () =>
{
    await foreach (var envelope in jobs.Reader.ReadAllAsync())
        // Ignore Test and events you do not know; any field may be null.
        Console.WriteLine(envelope.TryGetProperty("event", out var name) ? name.ToString() : "no event");
});

var app = WebApplication.CreateBuilder(args).Build();
app.MapPost("/pgm", async (HttpRequest request) =>
{
    if (VerifiedSignature(request.Headers) is not { } signature) return Results.Unauthorized();
    JsonElement envelope;
    try { envelope = await request.ReadFromJsonAsync<JsonElement>(); }
    catch (JsonException) { return Results.BadRequest(); }
    if (IsNew(signature)) jobs.Writer.TryWrite(envelope);
    return Results.Text("Ok"); // respond first, work later: PGM allows 5 seconds
});
app.Run($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "3000"}");
