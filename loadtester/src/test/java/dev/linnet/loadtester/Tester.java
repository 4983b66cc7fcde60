package dev.linnet.loadtester;

import dev.linnet.loadtester.task.CommandPolicy;
import dev.linnet.loadtester.task.TaskSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** A load tester, and Flagger asking it. */
final class Tester implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final LoadTester tester;

    private Tester(Wish wish, Path folder) throws IOException {
        this.tester = LoadTester.start(new LoadTesterSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of("test"),
                Optional.ofNullable(wish.namespaces).map(Pattern::compile),
                wish.callers,
                new TaskSettings(wish.commands, wish.timeout, wish.env, folder, log::add)));
    }

    /** The usual one, in this folder. */
    static Tester in(Path folder) throws IOException {
        return new Wish().start(folder);
    }

    /** One that runs whatever it is asked for. */
    static Tester thatAllowsAll(Path folder) throws IOException {
        return new Wish().commands(CommandPolicy.anything()).start(folder);
    }

    /** What is different with this one. */
    static final class Wish {
        private CommandPolicy commands = CommandPolicy.usual();
        private Callers callers = Callers.anybody();
        private @org.jspecify.annotations.Nullable String namespaces;
        private Duration timeout = Duration.ofSeconds(20);
        private Map<String, String> env = Map.of();

        Wish commands(CommandPolicy wanted) {
            commands = wanted;
            return this;
        }

        Wish callers(Callers wanted) {
            callers = wanted;
            return this;
        }

        Wish namespaces(String pattern) {
            namespaces = pattern;
            return this;
        }

        Wish timeout(Duration wanted) {
            timeout = wanted;
            return this;
        }

        Wish env(Map<String, String> wanted) {
            env = wanted;
            return this;
        }

        Tester start(Path folder) throws IOException {
            return new Tester(this, folder);
        }
    }

    /** Asks as Flagger does for Canary {@code podinfo.test}; metadata as JSON. */
    Reply ask(String path, String metadata, String... headers) throws IOException, InterruptedException {
        return send(
                path,
                "{\"name\":\"podinfo\",\"namespace\":\"test\",\"phase\":\"Progressing\",\"metadata\":" + metadata + "}",
                headers);
    }

    Reply send(String path, String body, String... headers) throws IOException, InterruptedException {
        InetSocketAddress at = tester.address();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + path))
                .timeout(DEADLINE)
                .POST(BodyPublishers.ofString(body));
        for (int i = 0; i + 1 < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        return new Reply(answer.statusCode(), answer.body());
    }

    /** Its address, as {@code host:port}. */
    String authority() {
        return tester.address().getAddress().getHostAddress() + ":"
                + tester.address().getPort();
    }

    List<String> log() {
        return log;
    }

    record Reply(int status, String text) {}

    @Override
    public void close() {
        client.close();
        tester.close();
    }
}
