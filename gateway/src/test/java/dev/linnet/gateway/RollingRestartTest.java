package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.Visitor.Answer;
import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.FeedSettings;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.manifests.ingress.ClassSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways that come and go while clients stay, and an API that does. Scenario GS-1 is the first half of a restart. */
final class RollingRestartTest {
    private static final String HOST = "shop.example.com";
    private static final String SERVICE = "web";
    private static final int CLIENTS = 8;

    private final Cluster cluster;
    private final KubernetesClient client;
    private final Pod pod = Pod.of(SERVICE, 0);
    private final List<GatewayProcess> started = new CopyOnWriteArrayList<>();

    RollingRestartTest(@TempDir Path directory) {
        cluster = new Cluster(directory);
        client = cluster.newClient();
    }

    @BeforeEach
    void aServiceWithARoute() {
        cluster.create(Shop.service(SERVICE));
        cluster.create(pod.slice());
        cluster.create(Shop.ingress("web", HOST, SERVICE));
    }

    @AfterEach
    void close() {
        started.forEach(GatewayProcess::close);
        client.close();
        cluster.close();
        pod.close();
    }

    private GatewayProcess start() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        GatewaySettings settings = GatewaySettings.on(any).withMetrics(any).withLoops(2);
        FeedSettings follows = FeedSettings.of(ClassSettings.DEFAULT);
        GatewayProcess process =
                GatewayProcess.start(client, new GatewayProcess.Settings(settings, follows, Optional.empty()));
        started.add(process);
        return process;
    }

    private GatewayProcess startAndSync() throws IOException {
        GatewayProcess process = start();
        await().atMost(Conversation.PATIENCE).until(() -> readiness(process) == 200);
        return process;
    }

    /** What a kubelet hears. */
    private static int readiness(GatewayProcess process) throws IOException {
        InetSocketAddress metrics = process.gateway().metricsAddress().orElseThrow();
        try (Visitor kubelet = new Visitor(connect(metrics))) {
            return kubelet.get("127.0.0.1:" + metrics.getPort(), "/readyz").status();
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        return new Socket(address.getAddress(), address.getPort());
    }

    private static Answer get(GatewayProcess process) throws IOException {
        try (Visitor visitor = new Visitor(connect(process.gateway().httpAddress()))) {
            return visitor.get(HOST, "/");
        }
    }

    @Test
    void gs1IsUnreadyWhileItStillServesWhoeverHasNotHeardOfItsEnd() throws Exception {
        GatewayProcess process = startAndSync();
        Visitor known = new Visitor(connect(process.gateway().httpAddress()));
        assertThat(known.get(HOST, "/").status()).isEqualTo(200);
        assertThat(known.mayStay()).isTrue();

        process.announceEnd();

        assertThat(readiness(process)).isEqualTo(503);
        assertThat(known.get(HOST, "/").status()).isEqualTo(200);
        assertThat(known.mayStay()).isFalse();
        assertThat(get(process).status()).as("new connection").isEqualTo(200);
        known.close();
    }

    @Test
    void losesNoRequestWhileOneGatewayAfterTheOtherIsReplaced() throws Exception {
        Front front = new Front();
        front.add(startAndSync());
        front.add(startAndSync());
        Crowd crowd = new Crowd(front);
        crowd.come();

        for (GatewayProcess old : List.copyOf(started)) {
            GatewayProcess successor = startAndSync();
            front.add(successor);
            crowd.awaitOneAt(old);
            Visitor slow = new Visitor(connect(old.gateway().httpAddress()));
            slow.send(Conversation.head("GET", HOST, "/big"));

            old.announceEnd();
            front.remove(old);
            crowd.awaitNobodyAt(old);
            FutureTask<Void> stopping = new FutureTask<>(() -> old.stop(Conversation.PATIENCE), null);
            Thread.ofVirtual().start(stopping);
            awaitRefusal(old);

            assertThat(slow.readAnswer(Pace.unlimited()).whole())
                    .as("what was under way")
                    .isTrue();
            slow.close();
            stopping.get();
            crowd.awaitOneAt(successor);
            assertThat(old.gateway().bufferedBytes()).isZero();
        }

        crowd.leave();
        assertThat(crowd.lost).isEmpty();
    }

    private static void awaitRefusal(GatewayProcess process) throws IOException {
        while (true) {
            try {
                connect(process.gateway().httpAddress()).close();
            } catch (ConnectException e) {
                return;
            } catch (SocketException _) {
                // It waited to be accepted when the door was closed: the next one finds none.
            }
        }
    }

    @Test
    void waitsUnreadyForAnApiThatIsNotThereYet() throws Exception {
        cluster.restart(() -> {
            try {
                assertThat(readiness(start())).isEqualTo(503);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        GatewayProcess process = started.getFirst();
        await().atMost(Duration.ofSeconds(30)).until(() -> readiness(process) == 200);
        assertThat(get(process).start()).isEqualTo(SERVICE);
    }

    @Test
    void servesItsLastRoutesWhileTheApiIsAwayAndSaysSo() throws Exception {
        GatewayProcess process = startAndSync();

        try (LogBook said = LogBook.of("dev.linnet.gateway.feed")) {
            cluster.restart(() -> {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> said.messages().stream()
                                .anyMatch(message -> message.contains("the last routes stay in force")));
                try {
                    assertThat(get(process).start()).isEqualTo(SERVICE);
                    assertThat(readiness(process)).isEqualTo(200);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** As a Service does: sends new connections to gateways that are ready, in turn, and never one whose end it has heard of. */
    private static final class Front {
        private final List<GatewayProcess> ready = new ArrayList<>();
        private int turn;

        synchronized void add(GatewayProcess process) {
            ready.add(process);
        }

        /** Once it says that it is unready. Who was sent there has arrived. */
        synchronized void remove(GatewayProcess process) throws IOException {
            assertThat(readiness(process)).isEqualTo(503);
            ready.remove(process);
        }

        /** A connection whose first request was answered. */
        synchronized Arrival arrive() throws IOException {
            GatewayProcess process = ready.get(turn++ % ready.size());
            Visitor visitor = new Visitor(connect(process.gateway().httpAddress()));
            return new Arrival(process, visitor, visitor.get(HOST, "/"));
        }
    }

    private record Arrival(GatewayProcess at, Visitor visitor, Answer first) {}

    /** Clients that keep their connections until they are told not to. */
    private static final class Crowd {
        private final Front front;
        private final Pace pace = Pace.perSecond(400);
        private final List<Thread> threads = new ArrayList<>();
        private final Collection<GatewayProcess> visited = new ConcurrentLinkedQueue<>();
        private final Collection<String> lost = new ConcurrentLinkedQueue<>();
        private volatile boolean over;

        Crowd(Front front) {
            this.front = front;
        }

        void come() {
            for (int i = 0; i < CLIENTS; i++) {
                threads.add(Thread.ofVirtual().start(this::visit));
            }
        }

        private void visit() {
            while (!over) {
                try {
                    Arrival arrival = front.arrive();
                    visited.add(arrival.at());
                    stay(arrival);
                    visited.remove(arrival.at());
                } catch (IOException | RuntimeException e) {
                    lost.add(e.toString());
                }
            }
        }

        private void stay(Arrival arrival) throws IOException {
            try (Visitor visitor = arrival.visitor()) {
                check(arrival.first());
                while (visitor.mayStay() && !over) {
                    pace.await();
                    check(visitor.get(HOST, "/"));
                }
            }
        }

        private void check(Answer answer) {
            if (answer.status() != 200 || !answer.whole() || !answer.start().equals(SERVICE)) {
                lost.add(answer.toString());
            }
        }

        void awaitOneAt(GatewayProcess process) {
            await().atMost(Conversation.PATIENCE).until(() -> visited.contains(process) || !lost.isEmpty());
        }

        /** Whoever is told to go does so with the next answer. */
        void awaitNobodyAt(GatewayProcess process) {
            await().atMost(Conversation.PATIENCE).until(() -> !visited.contains(process) || !lost.isEmpty());
        }

        void leave() throws InterruptedException {
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
