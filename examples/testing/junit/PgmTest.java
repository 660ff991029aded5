// pgwh in a test with JUnit 5.
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PgmTest {
    static final String SECRET = "the secret of the tests";
    static HttpServer server;

    @BeforeAll
    static void startYourReceiver() throws IOException {
        Receiver.SECRETS.add(SECRET);
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/pgm", Receiver::handle);
        server.start();
    }

    @AfterAll
    static void stopIt() {
        server.stop(0);
    }

    static Process pgwh(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("pgwh"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("PGWH_SECRET", SECRET);
        return builder.start();
    }

    /** A sample event as PGM would send it, printed as HTTP; arguments as for `pgwh sign`. */
    static HttpRequest sign(String url, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("sign", "--as", "http"));
        command.addAll(List.of(arguments));
        var http = new String(pgwh(command.toArray(String[]::new)).getInputStream().readAllBytes());
        var parts = http.split("\r?\n\r?\n", 2);
        var request = HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(parts[1].strip()));
        for (var name : List.of("Content-Type", "X-PerfectGym-Request", "X-PerfectGym-Signature")) {
            var line = Pattern.compile("(?im)^" + name + ": (.*?)\r?$").matcher(parts[0]);
            if (line.find()) request.header(name, line.group(1));
        }
        return request.build();
    }

    static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    static String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/pgm";
    }

    @Test
    void aMemberWithoutAMailAddressIsAccepted() throws Exception {
        var response = send(sign(url(), "UserModified", "--set", "user.userEmail=null"));
        assertEquals(200, response.statusCode());
        assertEquals("Ok", response.body());
    }

    @Test
    void anotherSecretIsRefused() throws Exception {
        assertEquals(401, send(sign(url(), "Test", "--secret", "not the secret")).statusCode());
    }

    @Test
    void whatWeSendOnArrivesSigned() throws Exception {
        var listen = pgwh("listen", "--addr", "127.0.0.1:0", "--format", "json", "--reject-invalid",
                "--expect", "1", "--expect-event", "ClassesBooked", "--timeout", "10s");
        var lines = listen.inputReader();
        var ready = Pattern.compile("\"url\":\"(.*?)\"").matcher(lines.readLine());
        ready.find();
        send(sign(ready.group(1), "ClassesBooked")); // in place of your code that sends requests on
        lines.transferTo(java.io.Writer.nullWriter());
        assertEquals(0, listen.waitFor());
    }
}
