package dev.linnet.gateway;

import dev.linnet.gateway.SoakShop.Guest;
import dev.linnet.gateway.SoakShop.Weight;
import dev.linnet.gateway.Visitor.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Clients of a {@link SoakShop}, who know what they must get. */
final class SoakCrowd implements AutoCloseable {
    /** So that handshakes go on, and new connections meet new certificates. */
    private static final int REQUESTS_PER_CONNECTION = 50;

    private static final Pace SLOW_HEADS = Pace.perSecond(20);
    private static final int SMALL_WINDOW = 16 * 1024;

    private final SoakShop shop;
    private final SSLSocketFactory tls;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder answers = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final Collection<String> unexplained = new ConcurrentLinkedQueue<>();
    private volatile Pace pace;
    private volatile boolean over;

    SoakCrowd(SoakShop shop, Pace pace) {
        this.shop = shop;
        this.tls = shop.trust().getSocketFactory();
        this.pace = pace;
    }

    /** What one client does until all is over. */
    @FunctionalInterface
    private interface Errand {
        void run() throws IOException;
    }

    /** So many clients over HTTP, as many over HTTPS, as many of each that speak HTTP/2, and some slow ones. */
    void come(int count) {
        for (int i = 0; i < count; i++) {
            enter("http", () -> visit(connect(0)));
            enter("https", () -> visit(connectSecurely(0, "http/1.1")));
            enter("http/2", () -> visitByStreams(connect(0)));
            enter("http/2 over TLS", () -> visitByStreams(connectSecurely(0, "h2")));
        }
        enter("slow head", this::writeSlowly);
        enter("slow reader", () -> readSlowly(new Visitor(connect(SMALL_WINDOW))));
        enter("slow reader over TLS", () -> readSlowly(new Visitor(connectSecurely(SMALL_WINDOW, "http/1.1"))));
    }

    private void enter(String name, Errand errand) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            while (!over) {
                try {
                    errand.run();
                } catch (IOException | RuntimeException | AssertionError e) {
                    unexplained.add(name + ": " + e);
                }
            }
        }));
    }

    void keepTo(Pace other) {
        pace = other;
    }

    /** How many requests were answered. */
    long answers() {
        return answers.sum();
    }

    /** How many answers were cut short by the crash of who gave them. */
    long cut() {
        return cut.sum();
    }

    /** What should not have happened, in words. */
    Collection<String> unexplained() {
        return unexplained;
    }

    private Socket connect(int receiveBuffer) throws IOException {
        return connect(shop.process().gateway().httpAddress(), receiveBuffer);
    }

    private static Socket connect(InetSocketAddress address, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(address, (int) Conversation.PATIENCE.toMillis());
        return socket;
    }

    /** Believes nothing but the authority's certificates: the fake one would fail here. */
    private Socket connectSecurely(int receiveBuffer, String protocol) throws IOException {
        Socket plain = connect(shop.process().gateway().httpsAddress().orElseThrow(), receiveBuffer);
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, SoakShop.STABLE, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(SoakShop.STABLE)));
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout((int) Conversation.PATIENCE.toMillis());
        socket.startHandshake();
        return socket;
    }

    private void visit(Socket connected) throws IOException {
        try (Visitor visitor = new Visitor(connected)) {
            for (int i = 0; i < REQUESTS_PER_CONNECTION && visitor.mayStay() && !over; i++) {
                pace.await();
                switch (i % 7) {
                    case 0 -> expect(SoakShop.V1, visitor.get(SoakShop.STABLE, "/"));
                    case 1 -> expect(SoakShop.V1, visitor.get(SoakShop.CANARY, "/", "X-Canary: never"));
                    case 2 -> expect(SoakShop.V2, visitor.get(SoakShop.CANARY, "/", "X-Canary: always"));
                    case 3 -> takeChances(visitor);
                    case 4 -> callOnGuest(visitor);
                    case 5 -> order(i * 5_000, body -> visitor.post(SoakShop.STABLE, body, 0));
                    case 6 -> order(i * 500, body -> visitor.post(SoakShop.STABLE, body, 1_000));
                    default -> throw new IllegalStateException();
                }
            }
        }
    }

    private void visitByStreams(Socket connected) throws IOException {
        try (StreamVisitor visitor = new StreamVisitor(connected)) {
            for (int i = 0; i < REQUESTS_PER_CONNECTION / 4 && !over; i++) {
                for (int request = 0; request < 4; request++) {
                    pace.await();
                }
                visitor.get(SoakShop.STABLE)
                        .get(SoakShop.CANARY, "x-canary", "never")
                        .get(SoakShop.CANARY, "x-canary", "always");
                order(1 + i * 100, body -> {
                    List<Answer> answers = visitor.post(SoakShop.STABLE, body).answers();
                    expect(SoakShop.V1, answers.get(0));
                    expect(SoakShop.V1, answers.get(1));
                    expect(SoakShop.V2, answers.get(2));
                    return answers.get(3);
                });
            }
        }
    }

    /** Posts a body and says what was answered. */
    @FunctionalInterface
    private interface Order {
        Answer place(String body) throws IOException;
    }

    /** It must not be sent twice, so if a Pod crashes over it, nobody can say whether it was carried out. */
    private void order(int length, Order order) throws IOException {
        String body = "o".repeat(length);
        long began = System.nanoTime();
        Answer answer = order.place(body);
        if (answer.status() == 502 && shop.mayHaveMetCrash(began)) {
            answers.increment();
            cut.increment();
            return;
        }
        if (answer.status() == 200 && length > 0 && !answer.heard().equals(Pod.digest(body))) {
            unexplained.add(answer + " to " + length + " bytes");
        }
        expect(SoakShop.V1, answer);
    }

    private void takeChances(Visitor visitor) throws IOException {
        Weight before = shop.weight();
        Answer answer = visitor.get(SoakShop.CANARY, "/");
        boolean same = before.equals(shop.weight());
        if (same && before.percent() == 0) {
            expect(SoakShop.V1, answer);
        } else if (same && before.percent() == 100) {
            expect(SoakShop.V2, answer);
        } else {
            expect(answer.start().equals(SoakShop.V2) ? SoakShop.V2 : SoakShop.V1, answer);
        }
    }

    private void callOnGuest(Visitor visitor) throws IOException {
        Optional<Guest> present = shop.guest();
        if (present.isEmpty()) {
            return;
        }
        Guest guest = present.get();
        Answer answer = visitor.get(guest.host(), "/");
        if (answer.status() == 404 && guest.isLeaving()) {
            answers.increment();
        } else {
            expect(SoakShop.V1, answer);
        }
    }

    private void writeSlowly() throws IOException {
        try (Visitor visitor = new Visitor(connect(0))) {
            for (String piece : Conversation.head("GET", SoakShop.STABLE, "/").splitWithDelimiters("\r\n", 0)) {
                SLOW_HEADS.await();
                visitor.send(piece);
            }
            expect(SoakShop.V1, visitor.readAnswer(Pace.unlimited()));
        }
    }

    private void readSlowly(Visitor visitor) throws IOException {
        try (visitor) {
            visitor.send(Conversation.head("GET", SoakShop.STABLE, "/big"));
            Answer answer = visitor.readAnswer(Pace.perSecond(80));
            if (answer.whole() && !answer.start().startsWith("x")) {
                unexplained.add("big body begins with " + answer.start());
            }
            note(answer);
        }
    }

    private void expect(String version, Answer answer) {
        if (answer.whole() && !answer.start().equals(version)) {
            unexplained.add(answer + " instead of " + version);
        }
        note(answer);
    }

    private void note(Answer answer) {
        answers.increment();
        if (answer.status() != 200) {
            unexplained.add(answer.toString());
        } else if (!answer.whole()) {
            cut.increment();
            if (!shop.hasCrashed(answer.pod())) {
                unexplained.add("cut though its Pod is alive: " + answer);
            }
        }
    }

    /** Everybody ends what he does, and goes. */
    void leave() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        leave();
    }
}
