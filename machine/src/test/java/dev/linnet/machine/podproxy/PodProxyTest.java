package dev.linnet.machine.podproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.machine.address.ClusterAddresses;
import dev.linnet.machine.address.LowPorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Pod's proxy over real sockets: what goes through it, from where, and what does not. */
@Timeout(30)
class PodProxyTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ClusterAddresses addresses = ClusterAddresses.claim();
    private final InetAddress pod = addresses.pods().take();
    private final FakeCluster cluster = new FakeCluster();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private PodProxy proxy;

    @BeforeEach
    void start() throws IOException {
        ClusterNames names =
                new ClusterNames(cluster, LowPorts.allowed(), addresses::owns, Egress.closed("this is a test"));
        proxy = PodProxy.listen(new InetSocketAddress(pod, 0), new PodDialer(names, "test", pod));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        for (AutoCloseable each : toClose) {
            each.close();
        }
        addresses.close();
    }

    @Test
    void passesARequestOnAsTheServiceWouldGetItFromThePodItself() throws Exception {
        Backend backend = web(OK);

        String answer = exchange("""
                GET http://web.test:%d/a?b=c HTTP/1.1
                Host: something.else
                X-Test: 1
                Proxy-Connection: keep-alive
                Proxy-Authorization: Basic eDp5
                X-Hop: private
                Connection: X-Hop, close

                """.formatted(backend.port()).replace("\n", "\r\n"));

        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok");
        assertThat(backend.heads.take())
                .isEqualTo("GET /a?b=c HTTP/1.1\r\nX-Test: 1\r\nHost: web.test:" + backend.port() + "\r\n\r\n");
        assertThat(backend.callers.take()).isEqualTo(pod);
    }

    @Test
    void carriesLargeBodiesBothWays() throws Exception {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        Backend echo = serve((in, out) -> {
            String head = Backend.head(in);
            int length = Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n").getBytes(ISO_8859_1));
            in.transferTo(out);
        });

        HttpResponse<byte[]> response = proxy.client()
                .send(
                        HttpRequest.newBuilder(uri(echo, "/"))
                                .POST(BodyPublishers.ofByteArray(sent))
                                .build(),
                        BodyHandlers.ofByteArray());

        assertThat(Arrays.equals(response.body(), sent)).isTrue();
    }

    @Test
    void streamsChunksAsTheyComeBothWays() throws Exception {
        Backend echo = serve((in, out) -> {
            Backend.head(in);
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
            in.transferTo(out);
        });

        try (Socket caller = call()) {
            send(caller, "POST http://web:" + echo.port() + "/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            Backend.head(caller.getInputStream());
            for (String chunk : List.of("3;x=y\r\nabc\r\n", "A\r\n0123456789\r\n", "0\r\nX-Trailer: z\r\n\r\n")) {
                send(caller, chunk);
                assertThat(read(caller, chunk.length())).isEqualTo(chunk);
            }
        }
    }

    @Test
    void keepsBothConnectionsForTheNextRequest() throws Exception {
        Backend backend = web(OK, OK.replace("ok", "yo"));

        try (Socket caller = call()) {
            send(caller, get(backend));
            assertThat(read(caller, OK.length())).isEqualTo(OK);
            send(caller, get(backend));
            assertThat(read(caller, OK.length())).endsWith("yo");
        }
        assertThat(backend.callers).hasSize(1);
    }

    @Test
    void asksAnewWhenTheServiceHasClosedAConnectionInTheMeantime() throws Exception {
        Backend backend = web(OK);

        try (Socket caller = call()) {
            for (int i = 0; i < 3; i++) {
                send(caller, get(backend));
                assertThat(read(caller, OK.length())).isEqualTo(OK);
            }
        }
        assertThat(backend.callers).hasSize(3);
    }

    @Test
    void passesInterimResponsesOn() throws Exception {
        Backend backend = serve((in, out) -> {
            Backend.head(in);
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(in.readNBytes(4)).isEqualTo("body".getBytes(ISO_8859_1));
            out.write(OK.getBytes(ISO_8859_1));
        });

        try (Socket caller = call()) {
            send(
                    caller,
                    "PUT http://web:" + backend.port()
                            + "/ HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(Backend.head(caller.getInputStream())).startsWith("HTTP/1.1 100 ");
            send(caller, "body");
            assertThat(Backend.head(caller.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void passesOnAnAnswerThatComesBeforeTheBodyHasEnded() throws Exception {
        Backend backend = serve((in, out) -> {
            Backend.head(in);
            out.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
        });

        HttpResponse<String> response = proxy.client()
                .send(
                        HttpRequest.newBuilder(uri(backend, "/"))
                                .POST(BodyPublishers.ofByteArray(new byte[2_000_000]))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void breaksOffWhatTheServiceBrokeOff() throws Exception {
        Backend backend = serve((in, out) -> {
            Backend.head(in);
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes(ISO_8859_1));
        });

        assertThatThrownBy(() -> proxy.client()
                        .send(HttpRequest.newBuilder(uri(backend, "/")).build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void tunnelsAnyProtocol() throws Exception {
        Backend echo = serve((in, out) -> {
            int b;
            while ((b = in.read()) >= 0) {
                out.write(Character.toUpperCase(b));
            }
            out.write('!');
        });

        try (Socket caller = call()) {
            // What comes right behind the head belongs to the tunnel.
            send(caller, "CONNECT web:" + echo.port() + " HTTP/1.1\r\nHost: web\r\n\r\nhello");
            assertThat(Backend.head(caller.getInputStream())).startsWith("HTTP/1.1 200 ");
            assertThat(read(caller, 5)).isEqualTo("HELLO");
            caller.shutdownOutput();
            assertThat(caller.getInputStream().readAllBytes()).isEqualTo(new byte[] {'!'});
        }
        assertThat(echo.callers.take()).isEqualTo(pod);
    }

    @Test
    void saysWhyItDoesNotReachSomething() throws Exception {
        assertThat(exchange("GET http://example.com/ HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .endsWith(
                        "example.com is neither a Service, seen from namespace test, nor an Ingress's host, and Pods here"
                                + " reach nothing else: this is a test\n");
        assertThat(exchange("CONNECT nowhere.svc:443 HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                .endsWith("there is no Service nowhere.svc, seen from namespace test\n");
    }

    @Test
    void saysThatAServiceHasNobodyOrDoesNotAnswer() throws Exception {
        String free = addresses.pods().take().getHostAddress();
        cluster.service("test", "empty", "{clusterIP: None, ports: [{port: 80}]}");
        cluster.service("test", "dead", "{clusterIP: " + free + ", ports: [{port: 80}]}");

        try (Socket caller = call()) {
            send(caller, "GET http://empty/ HTTP/1.1\r\n\r\n");
            String body = "headless Service test/empty has no ready endpoints\n";
            assertThat(Backend.head(caller.getInputStream())).startsWith("HTTP/1.1 502 ");
            assertThat(read(caller, body.length())).isEqualTo(body);

            send(caller, "GET http://dead/ HTTP/1.1\r\nConnection: close\r\n\r\n");
            assertThat(new String(caller.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("Service test/dead does not answer at " + free + ":80: Connection refused");
        }
    }

    /** What a page in a browser can send: it is never sent to a proxy that the browser does not use. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: rebound.example.com\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: {self}\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: {self}\r\nContent-Length: 41\r\n\r\nGET http://web:{port}/ HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: {self}\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n\r\n",
                "GET /http://web/ HTTP/1.1\r\nHost: {self}\r\nSec-Fetch-Site: cross-site\r\n\r\n",
            })
    void answersNoWebPage(String request) throws Exception {
        Backend backend = web(OK);

        String self = pod.getHostAddress() + ":" + proxy.address().getPort();
        String answer = exchange(request.replace("{self}", self).replace("{port}", Integer.toString(backend.port())));

        assertThat(answer).startsWith("HTTP/1.1 403 Forbidden\r\n").containsOnlyOnce("HTTP/1.1");
        assertThat(backend.callers).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://web/ HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET http://web/ HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "GET http://web/ HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc",
                "GET http://web/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET http://web/ HTTP/1.1\r\nX : y\r\n\r\n",
                "GET http://web/ HTTP/1.1\r\nX: y\r\n folded\r\n\r\n",
                "GET http://web/ HTTP/1.1\nHost: web\n\n",
                "GET http://web/ HTTP/1.1\r\nX: a\0b\r\n\r\n",
                "GET http://user@web/ HTTP/1.1\r\n\r\n",
                "GET http://web:99999/ HTTP/1.1\r\n\r\n",
                "GET  http://web/ HTTP/1.1\r\n\r\n",
                "GET https://web/ HTTP/1.1\r\n\r\n",
                "CONNECT web HTTP/1.1\r\n\r\n",
            })
    void refusesWhatTwoReadersCouldReadInTwoWays(String request) throws Exception {
        assertThat(exchange(request)).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @Test
    void refusesHeadsWithoutEnd() throws Exception {
        String endless = "GET http://web/ HTTP/1.1\r\nX: " + "x".repeat(70_000);

        assertThat(exchange(endless)).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void speaksHttp10ToWhomSpeaksIt() throws Exception {
        Backend backend = web("HTTP/1.0 200 OK\r\n\r\nuntil the end");

        assertThat(exchange("GET http://web:" + backend.port() + "/ HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\nConnection: close\r\n")
                .endsWith("until the end");
        assertThat(backend.heads.take()).startsWith("GET / HTTP/1.0\r\n").contains("Connection: close\r\n");
    }

    @Test
    void endsWithAllItsConnections() throws Exception {
        Backend silent = serve((in, out) -> in.transferTo(java.io.OutputStream.nullOutputStream()));
        HttpClient client = proxy.client();
        try (Socket caller = call()) {
            send(caller, "CONNECT web:" + silent.port() + " HTTP/1.1\r\n\r\n");
            Backend.head(caller.getInputStream());

            proxy.close();

            assertThat(ends(caller.getInputStream())).isTrue();
        }
        assertThatThrownBy(this::call).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> proxy.client()).isInstanceOf(IllegalStateException.class);
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(client::isTerminated);
    }

    private static boolean ends(InputStream in) {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private Backend web(String... answers) throws IOException {
        return named(Backend.answering(addresses.pods().take(), answers));
    }

    private Backend serve(Backend.Script script) throws IOException {
        return named(new Backend(addresses.pods().take(), script));
    }

    /** Makes it Service web. */
    private Backend named(Backend backend) {
        toClose.add(backend);
        cluster.service(
                "test",
                "web",
                "{clusterIP: " + backend.address().getHostAddress() + ", ports: [{port: " + backend.port() + "}]}");
        return backend;
    }

    private static URI uri(Backend backend, String path) {
        return URI.create("http://web:" + backend.port() + path);
    }

    private static String get(Backend backend) {
        return "GET http://web:" + backend.port() + "/ HTTP/1.1\r\n\r\n";
    }

    private Socket call() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(proxy.address(), 1_000);
        return socket;
    }

    private String exchange(String request) throws IOException {
        try (Socket caller = call()) {
            send(caller, request);
            return new String(caller.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), ISO_8859_1);
    }
}
