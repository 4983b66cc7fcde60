package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.node.command.CommandLine;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ports, commands and output of running Pods, through the API server as clients ask for them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PodStreamsTest {
    private LocalCluster cluster;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = new LocalCluster(directory, Map.of("shell", CommandLine.parse("sh -c")), Optional.empty());
        cluster.namespace("streams");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: streams}
                spec:
                  containers:
                    - name: app
                      image: echo
                      ports: [{name: http, containerPort: 8080}]
                """);
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: box, namespace: streams}
                spec:
                  containers:
                    - name: app
                      image: shell
                      args: [sleep 1000]
                      env: [{name: GREETING, value: hello}]
                """);
        cluster.readyPod("streams", "web");
    }

    @AfterAll
    void stop() {
        http.close();
        cluster.close();
    }

    @Test
    void forwardsAPortForFabric8() throws Exception {
        try (LocalPortForward forward =
                cluster.client.pods().inNamespace("streams").withName("web").portForward(8080)) {
            URI uri = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/forwarded");

            assertThat(get(uri)).startsWith("web 127.");
            try (HttpClient another = HttpClient.newHttpClient()) {
                HttpRequest request = HttpRequest.newBuilder(uri).build();
                assertThat(another.send(request, HttpResponse.BodyHandlers.ofString()).body())
                        .as("another connection")
                        .startsWith("web 127.");
            }
        }
    }

    private String get(URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void forwardsPortsForKubectl() throws Exception {
        try (KubectlForward kubectl = new KubectlForward()) {
            int first = kubectl.open("0", 8080);
            int second = kubectl.open("1", 8080);
            kubectl.send(first, "GET /one HTTP/1.0\r\n\r\n");
            kubectl.send(second, "GET /two HTTP/1.0\r\n\r\n");

            eventually().untilAsserted(() -> assertThat(kubectl.ended(first)).isTrue());
            eventually().untilAsserted(() -> assertThat(kubectl.ended(second)).isTrue());
            assertThat(kubectl.received(first)).startsWith("HTTP/1.1 200").contains("web 127.");
            assertThat(kubectl.received(second)).startsWith("HTTP/1.1 200").contains("web 127.");
            assertThat(kubectl.received(first - 2)).as("nothing went wrong").isEmpty();

            kubectl.ping(41);
            eventually().untilAsserted(() -> assertThat(kubectl.pong.get()).isEqualTo(41));
        }
    }

    @Test
    void tellsKubectlThatNobodyListens() throws Exception {
        try (KubectlForward kubectl = new KubectlForward()) {
            int data = kubectl.open("0", 8099);

            eventually().untilAsserted(() -> assertThat(kubectl.ended(data)).isTrue());
            assertThat(kubectl.received(data - 2)).startsWith("error forwarding port 8099: nobody listens on 127.");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runsACommandBesideAContainer() throws Exception {
        cluster.readyPod("streams", "box");
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();

        try (ExecWatch exec = cluster.client
                .pods()
                .inNamespace("streams")
                .withName("box")
                .writingOutput(output)
                .writingError(errors)
                .exec("sh", "-c", "echo $GREETING; echo oops >&2; exit 3")) {
            assertThat(exec.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(3);
        }

        assertThat(output.toString(UTF_8)).isEqualTo("hello\n");
        assertThat(errors.toString(UTF_8)).isEqualTo("oops\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void givesACommandWhatSomebodyTypes() throws Exception {
        cluster.readyPod("streams", "box");
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        try (ExecWatch exec = cluster.client
                .pods()
                .inNamespace("streams")
                .withName("box")
                .redirectingInput()
                .writingOutput(output)
                .exec("sh", "-c", "read one; echo got $one; read two; echo and $two")) {
            exec.getInput().write("this\n".getBytes(UTF_8));
            exec.getInput().flush();
            eventually().untilAsserted(() -> assertThat(output.toString(UTF_8)).isEqualTo("got this\n"));
            exec.getInput().write("that\n".getBytes(UTF_8));
            exec.getInput().flush();
            assertThat(exec.exitCode().get(20, TimeUnit.SECONDS)).isZero();
        }

        assertThat(output.toString(UTF_8)).isEqualTo("got this\nand that\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void endsACommandWhoseReaderHasGone() throws Exception {
        cluster.readyPod("streams", "box");
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ExecWatch _ = cluster.client
                .pods()
                .inNamespace("streams")
                .withName("box")
                .writingOutput(output)
                .exec("sh", "-c", "echo $$; exec sleep 1000")) {
            eventually().untilAsserted(() -> assertThat(output.size()).isPositive());
        }

        long pid = Long.parseLong(output.toString(UTF_8).strip());
        eventually().untilAsserted(() -> assertThat(ProcessHandle.of(pid)).isEmpty());
    }

    @Test
    void saysThatThereIsNoShellInWhatIsPartOfThisProgram() throws Exception {
        assertThat(refusal("web", "sh", "-c", "ls"))
                .isEqualTo("Internal error occurred: error executing command in container: container \"app\" runs"
                        + " image \"echo\", a part of this program: there is no shell and no other command in it");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysWhichProgramIsMissing() throws Exception {
        cluster.readyPod("streams", "box");

        assertThat(refusal("box", "no-such-program"))
                .endsWith("exec: \"no-such-program\": executable file not found in $PATH");
    }

    private String refusal(String pod, String... command) throws Exception {
        CompletableFuture<Status> end = new CompletableFuture<>();
        try (ExecWatch _ = cluster.client
                .pods()
                .inNamespace("streams")
                .withName(pod)
                .writingOutput(new ByteArrayOutputStream())
                .usingListener(new ExecListener() {
                    @Override
                    public void onExit(int code, Status status) {
                        end.complete(status);
                    }

                    @Override
                    public void onClose(int code, String reason) {
                        end.completeExceptionally(new IOException("closed: " + code + " " + reason));
                    }
                })
                .exec(command)) {
            return end.get(20, TimeUnit.SECONDS).getMessage();
        }
    }

    @Test
    void showsWhatAContainerWritesFromNowOn() throws Exception {
        String pod = cluster.pod("streams", "web").getStatus().getPodIP();
        get(URI.create("http://" + pod + ":8080/before"));
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (ExecWatch _ = cluster.client
                .pods()
                .inNamespace("streams")
                .withName("web")
                .writingOutput(written)
                .attach()) {
            eventually().untilAsserted(() -> {
                get(URI.create("http://" + pod + ":8080/attached"));
                assertThat(written.toString(UTF_8)).contains("GET /attached\n").doesNotContain("/before");
            });
        }
    }

    /**
     * As kubectl 1.31 and newer forwards ports: SPDY inside of WebSocket messages, two streams a connection. The JDK's client does not accept the name of
     * that protocol.
     */
    private final class KubectlForward implements AutoCloseable {
        private final EmbeddedChannel codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, false));
        private final Map<Integer, ByteArrayOutputStream> streams = new ConcurrentHashMap<>();
        private final Map<Integer, Boolean> ended = new ConcurrentHashMap<>();
        private final AtomicInteger replies = new AtomicInteger();
        private final AtomicInteger pong = new AtomicInteger();
        private final SSLSocket socket;
        private int nextStream = 1;

        KubectlForward() throws Exception {
            URI api = URI.create(cluster.api.url());
            socket = (SSLSocket) trusting(cluster.api.caPem())
                    .getSocketFactory()
                    .createSocket(InetAddress.ofLiteral(api.getHost()), api.getPort());
            String head = """
                    GET /api/v1/namespaces/streams/pods/web/portforward HTTP/1.1
                    Host: %s
                    Authorization: Bearer %s
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                    Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io

                    """.formatted(api.getAuthority(), cluster.api.adminToken());
            socket.getOutputStream().write(head.replace("\n", "\r\n").getBytes(UTF_8));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n\r\n") < 0) {
                answer.append((char) in.readUnsignedByte());
            }
            assertThat(answer.toString())
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .contains("Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io");
            Thread.ofVirtual().start(() -> receive(in));
        }

        /** Messages of the server, each in one frame. */
        private void receive(DataInputStream in) {
            try {
                while (true) {
                    int first = in.readUnsignedByte();
                    int length = in.readUnsignedByte();
                    byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
                    in.readFully(payload);
                    if (first == 0x82) {
                        take(payload);
                    }
                }
            } catch (IOException _) {
                // The test is over.
                return;
            }
        }

        private synchronized void take(byte[] message) {
            codec.writeInbound(Unpooled.wrappedBuffer(message));
            for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
                take(frame);
            }
        }

        /** @return the id of the stream for data; that for errors is two less */
        int open(String request, int port) {
            for (String type : new String[] {"error", "data"}) {
                DefaultSpdySynStreamFrame stream = new DefaultSpdySynStreamFrame(nextStream, 0, (byte) 0);
                stream.headers().set("streamtype", type);
                stream.headers().set("port", Integer.toString(port));
                stream.headers().set("requestid", request);
                streams.put(nextStream, new ByteArrayOutputStream());
                nextStream += 2;
                send(stream);
            }
            int data = nextStream - 2;
            eventually().untilAsserted(() -> assertThat(replies.get()).isEqualTo((data + 1) / 2));
            return data;
        }

        void send(int stream, String text) {
            send(new DefaultSpdyDataFrame(stream, Unpooled.copiedBuffer(text, UTF_8)));
        }

        void ping(int id) {
            send(new DefaultSpdyPingFrame(id));
        }

        private synchronized void send(Object frame) {
            codec.writeOutbound(frame);
            for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
                write(ByteBufUtil.getBytes(bytes));
                bytes.release();
            }
        }

        /** One frame, masked with nothing but zeros. */
        private void write(byte[] payload) {
            try {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeByte(0x82);
                out.writeByte(0x80 | 126);
                out.writeShort(payload.length);
                out.writeInt(0);
                out.write(payload);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void take(Object frame) {
            switch (frame) {
                case SpdySynReplyFrame reply -> {
                    assertThat(reply.headers().isEmpty()).isFalse();
                    replies.incrementAndGet();
                }
                case SpdyDataFrame data -> {
                    streams.get(data.streamId()).writeBytes(ByteBufUtil.getBytes(data.content()));
                    if (data.isLast()) {
                        ended.put(data.streamId(), true);
                    }
                    data.release();
                }
                case SpdyPingFrame ping -> pong.set(ping.id());
                default -> throw new AssertionError("unexpected " + frame);
            }
        }

        String received(int stream) {
            return streams.get(stream).toString(UTF_8);
        }

        /** Both streams of a connection. */
        boolean ended(int data) {
            return ended.containsKey(data) && ended.containsKey(data - 2);
        }

        @Override
        public void close() throws IOException {
            socket.close();
            synchronized (this) {
                codec.finishAndReleaseAll();
            }
        }
    }

    private static SSLContext trusting(String caPem) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(caPem.getBytes(UTF_8))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
