// pgwh in a test with xUnit and Microsoft.AspNetCore.Mvc.Testing. Not run by pgwh's tests.
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

public class PgmTests : IDisposable
{
    const string Secret = "the secret of the tests";
    readonly WebApplicationFactory<Program> receiver; // yours; Program.cs needs `public partial class Program;`

    public PgmTests()
    {
        Environment.SetEnvironmentVariable("PGM_WEBHOOK_SECRET", Secret);
        Environment.SetEnvironmentVariable("PGWH_SECRET", Secret);
        receiver = new();
    }

    public void Dispose() => receiver.Dispose();

    static Process Pgwh(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("pgwh", arguments) { RedirectStandardOutput = true })!;

    // A sample event as PGM would send it; arguments as for `pgwh sign`.
    static async Task<HttpRequestMessage> Sign(string url, params string[] arguments)
    {
        using var pgwh = Pgwh(["sign", "--as", "json", .. arguments]);
        var signed = JsonDocument.Parse(await pgwh.StandardOutput.ReadToEndAsync()).RootElement;
        var body = signed.GetProperty("body").GetString()!;
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var header in signed.GetProperty("headers").EnumerateObject())
            request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        return request;
    }

    [Fact]
    public async Task AMemberWithoutAMailAddressIsAccepted()
    {
        var response = await receiver.CreateClient().SendAsync(await Sign("/pgm", "UserModified", "--set", "user.userEmail=null"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Ok", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task AnotherSecretIsRefused()
    {
        var response = await receiver.CreateClient().SendAsync(await Sign("/pgm", "Test", "--secret", "not the secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task WhatWeSendOnArrivesSigned()
    {
        using var listen = Pgwh("listen", "--addr", "127.0.0.1:0", "--format", "json", "--reject-invalid",
            "--expect", "1", "--expect-event", "ClassesBooked", "--timeout", "10s");
        var ready = JsonDocument.Parse((await listen.StandardOutput.ReadLineAsync())!).RootElement;
        // In place of your code that sends requests on:
        await new HttpClient().SendAsync(await Sign(ready.GetProperty("url").GetString()!, "ClassesBooked"));
        await listen.StandardOutput.ReadToEndAsync();
        await listen.WaitForExitAsync();
        Assert.Equal(0, listen.ExitCode);
    }
}
