package dev.linnet.cli.up;

import dev.linnet.cli.console.ConsoleLink;
import dev.linnet.cli.console.ConsoleOptions;
import dev.linnet.console.Console;
import dev.linnet.console.ConsoleSettings;
import dev.linnet.console.access.OneTimeKey;
import dev.linnet.console.access.Owner;
import dev.linnet.console.access.Person;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * A console that nobody sees, with one visitor, while a cluster is at rest: what the first real one would wait for is loaded then. Leaves nothing behind
 * but classes.
 */
final class ConsoleRehearsal {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ConsoleRehearsal() {}

    /**
     * Plays it.
     *
     * @return the status of the first page
     */
    static int play(KubernetesClient client) throws IOException, InterruptedException {
        OneTimeKey key = new OneTimeKey(_ -> {});
        Owner visitor = new Owner(new Person("rehearsal", client, false), key);
        ConsoleSettings settings = new ConsoleOptions()
                .settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0, Optional.of(visitor));
        try (Console console = Console.start(client, settings);
                HttpClient browser = HttpClient.newBuilder()
                        .cookieHandler(new CookieManager())
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build()) {
            URI link = URI.create(ConsoleLink.of(console.address(), key.current()));
            return browser.send(HttpRequest.newBuilder(link).timeout(PATIENCE).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
