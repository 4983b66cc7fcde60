package dev.linnet.machine.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.linnet.machine.address.ClusterAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ServiceListenerTest {

    private final ClusterAddresses addresses = ClusterAddresses.claim();
    private final ServiceListener.Shared shared =
            new ServiceListener.Shared(addresses.pods()::contains, new Connections(100));
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final InetSocketAddress clusterAddress =
            new InetSocketAddress(InetAddress.ofLiteral("127." + addresses.number() + ".128.7"), 8080);

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : toClose.reversed()) {
            closeable.close();
        }
        addresses.close();
    }

    @Test
    void carriesBytesBothWaysAndPassesOnThatACallerHasSaidAll() throws IOException {
        listen(echoServer());
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);

        try (Socket caller = call()) {
            Thread.ofVirtual().start(() -> sendAll(caller, sent));
            assertThat(caller.getInputStream().readAllBytes()).isEqualTo(sent);
        }
        await().untilAsserted(() -> {
            assertThat(shared.connections().count()).isZero();
            assertThat(shared.connections().freeSlots()).isEqualTo(100);
        });
    }

    @Test
    void showsTheCalleeThePodThatCalls() throws IOException {
        listen(greeter());
        InetAddress pod = addresses.pods().take();

        try (Socket caller = new Socket()) {
            caller.bind(new InetSocketAddress(pod, 0));
            caller.connect(clusterAddress, 1_000);
            assertThat(new String(caller.getInputStream().readAllBytes(), US_ASCII))
                    .isEqualTo(pod.getHostAddress());
        }
    }

    @Test
    void triesTheNextEndpointWhenOneDoesNotAnswer() throws IOException {
        InetSocketAddress nobody = new InetSocketAddress(addresses.pods().take(), 1);
        listen(nobody, greeter());

        for (int i = 0; i < 4; i++) {
            try (Socket caller = call()) {
                assertThat(caller.getInputStream().readAllBytes()).isNotEmpty();
            }
        }
    }

    @Test
    void refusesWhenNobodyServes() throws IOException {
        listen();

        // The reset may come before connect has returned.
        assertThatThrownBy(() -> {
                    try (Socket caller = call()) {
                        caller.getInputStream().read();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void letsConnectionsLiveWhenTheirEndpointIsNoLongerListed() throws IOException {
        ServiceListener listener = listen(echoServer());

        try (Socket caller = call()) {
            caller.getOutputStream().write('a');
            assertThat(caller.getInputStream().read()).isEqualTo('a');

            listener.balancer().use(backends());
            listener.close();

            caller.getOutputStream().write('b');
            assertThat(caller.getInputStream().read()).isEqualTo('b');
        }
        assertThatThrownBy(this::call).isInstanceOf(IOException.class);
    }

    @Test
    void passesOnThatAnEndpointBrokeOff() throws IOException {
        ServerSocket rude = server();
        Thread.ofVirtual().start(() -> {
            try (Socket connection = rude.accept()) {
                connection.getOutputStream().write("half".getBytes(US_ASCII));
                connection.getInputStream().read();
                connection.setSoLinger(true, 0);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        listen((InetSocketAddress) rude.getLocalSocketAddress());

        try (Socket caller = call()) {
            caller.getOutputStream().write('x');
            assertThatThrownBy(() -> caller.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    private ServiceListener listen(InetSocketAddress... endpoints) throws IOException {
        ServiceListener listener = ServiceListener.listen(
                clusterAddress, new Balancer(backends(endpoints), InstantSource.system()), shared);
        toClose.add(listener::close);
        return listener;
    }

    private static Backends backends(InetSocketAddress... endpoints) {
        return new Backends("test/web", "http", List.of(endpoints), Optional.empty());
    }

    private Socket call() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(clusterAddress, 1_000);
        return socket;
    }

    private ServerSocket server() throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(addresses.pods().take(), 0));
        toClose.add(server);
        return server;
    }

    private InetSocketAddress echoServer() throws IOException {
        return serve(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    private InetSocketAddress greeter() throws IOException {
        return serve(socket -> socket.getOutputStream()
                .write(socket.getInetAddress().getHostAddress().getBytes(US_ASCII)));
    }

    private interface Answer {
        void to(Socket socket) throws IOException;
    }

    private InetSocketAddress serve(Answer answer) throws IOException {
        ServerSocket server = server();
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    answer.to(socket);
                } catch (IOException e) {
                    // The test has ended.
                }
            }
        });
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private static void sendAll(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
