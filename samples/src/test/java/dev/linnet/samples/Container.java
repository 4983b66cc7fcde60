package dev.linnet.samples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** One running sample, and somebody who calls it over a real socket. */
final class Container implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    /** Low ports are for root only. */
    private static final int PORT_SHIFT = 20_000;

    final Sample.Running running;
    final ByteArrayOutputStream log;
    private final InetAddress address;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();

    private Container(Sample.Running running, ByteArrayOutputStream log, InetAddress address) {
        this.running = running;
        this.log = log;
        this.address = address;
    }

    /** What a test wants of a container; starts it at the end. */
    static final class Builder {
        private final Sample sample;
        private final Map<String, String> env = new HashMap<>();
        private final Map<String, Path> files = new HashMap<>();
        private List<String> command = List.of();
        private String tag = "latest";
        private Supplier<HttpClient> client = () -> {
            throw new AssertionError("this test has not said how to call others");
        };

        private Builder(Sample sample) {
            this.sample = sample;
        }

        Builder tag(String newTag) {
            tag = newTag;
            return this;
        }

        Builder env(String name, String value) {
            env.put(name, value);
            return this;
        }

        Builder command(String... words) {
            command = List.of(words);
            return this;
        }

        Builder calling(HttpClient newClient) {
            client = () -> newClient;
            return this;
        }

        Builder mounting(String mountPath, Path file) {
            files.put(mountPath, file);
            return this;
        }

        Container start() throws Exception {
            InetAddress address = addressOfItsOwn();
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            Sample.Running running = sample.start(new Sample.Setting(
                    "pod-1", tag, address, port -> port + PORT_SHIFT, env, command, List.of(), files, client, log));
            return new Container(running, log, address);
        }
    }

    static Builder of(String name) {
        return of(Samples.all(), name);
    }

    static Builder of(List<Sample> samples, String name) {
        return new Builder(samples.stream()
                .filter(sample -> sample.name().equals(name))
                .findFirst()
                .orElseThrow());
    }

    HttpResponse<String> get(int port, String path, String... headers) {
        return call(port, "GET", path, "", headers);
    }

    HttpResponse<String> call(int port, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + address.getHostAddress() + ":" + (port + PORT_SHIFT) + path))
                .timeout(DEADLINE)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A bare connection, for what an HTTP client hides. */
    Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.connect(new InetSocketAddress(address, port + PORT_SHIFT));
        return socket;
    }

    String output() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        running.stop(Duration.ZERO);
        client.close();
    }

    /** As Pods have them: any port is free there, whatever else runs on this machine. */
    private static InetAddress addressOfItsOwn() throws UnknownHostException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        byte[] address = {127, (byte) random.nextInt(1, 255), (byte) random.nextInt(255), (byte) random.nextInt(1, 255)
        };
        return InetAddress.getByAddress(address);
    }
}
