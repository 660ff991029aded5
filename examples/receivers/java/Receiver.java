// Receives Perfect Gym webhooks with the JDK's own HTTP server (JDK 17 or later).
import com.sun.net.httpserver.*;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.util.*;
import java.util.concurrent.*;

public class Receiver {
    static final List<String> SECRETS = new ArrayList<>();
    static final ExecutorService WORKER = Executors.newSingleThreadExecutor();

    // Signatures of the latest requests: PGM sends a request again with the same one. A table
    // with a unique key would survive a restart and serve several processes.
    static final Set<String> SEEN = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) { return size() > 10_000; }
    }));

    static boolean signed(String id, String signature) throws NoSuchAlgorithmException {
        if (!id.matches("[ -~&&[^,]]+")) return false; // a comma means that a header was repeated
        for (var secret : SECRETS) {
            var digest = MessageDigest.getInstance("MD5").digest((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
            var expected = HexFormat.of().formatHex(digest).getBytes();
            if (MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))) return true;
        }
        return false;
    }

    static void work(String json) {
        // Parse it with the library of your choice. Ignore Test and events you do not know; any field may be null.
        System.out.println(json.length() + " characters");
    }

    static void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            var id = String.join(",", headers.getOrDefault("X-PerfectGym-Request", List.of()));
            var signature = String.join(",", headers.getOrDefault("X-PerfectGym-Signature", List.of())).toLowerCase(Locale.ROOT);
            if (!signed(id, signature)) { exchange.sendResponseHeaders(401, -1); return; }
            var json = new String(exchange.getRequestBody().readNBytes(1_000_000), StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("Ok".getBytes()); // respond first, work later: PGM allows 5 seconds
            if (SEEN.add(signature)) WORKER.submit(() -> work(json));
        } catch (NoSuchAlgorithmException e) { throw new IllegalStateException(e); }
    }

    public static void main(String[] args) throws IOException {
        var secret = System.getenv().getOrDefault("PGM_WEBHOOK_SECRET", "");
        if (secret.isEmpty()) throw new IllegalStateException("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM");
        SECRETS.add(secret);
        var old = System.getenv().getOrDefault("PGM_WEBHOOK_SECRET_OLD", "");
        if (!old.isEmpty()) SECRETS.add(old); // accepted too while the secret is being changed
        var port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/pgm", Receiver::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }
}
