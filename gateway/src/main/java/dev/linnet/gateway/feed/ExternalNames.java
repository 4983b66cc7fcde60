package dev.linnet.gateway.feed;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks names up that Services of type ExternalName lead to, again and again, each on a thread of its own. A name that is not known has no
 * addresses; one that is not answered in time keeps those that it had. {@link #follow} and {@link #awaitFirst} are for one thread.
 */
final class ExternalNames implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExternalNames.class);

    /** The JVM keeps an answer for 30 seconds on its own, so it is no use to ask much more often. */
    static final Duration REFRESH = Duration.ofSeconds(5);

    /** As ingress-nginx's resolver. */
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /** The system's, with its search domains: IPv4 addresses, or IPv6 if there are none. */
    static final Resolver SYSTEM = name -> preferred(InetAddress.getAllByName(name));

    private final Resolver resolver;
    private final Duration refresh;
    private final Consumer<String> whenChanged;
    private final Map<String, List<String>> known = new ConcurrentHashMap<>();
    private final Map<String, Followed> followed = new HashMap<>();

    /** May block for long. */
    @FunctionalInterface
    interface Resolver {
        /** Literal addresses. */
        List<String> addresses(String name) throws UnknownHostException;
    }

    private record Followed(Thread thread, CompletableFuture<Void> first) {}

    ExternalNames(Resolver resolver, Duration refresh, Consumer<String> whenChanged) {
        this.resolver = resolver;
        this.refresh = refresh;
        this.whenChanged = whenChanged;
    }

    static List<String> preferred(InetAddress[] found) {
        List<InetAddress> all = Arrays.asList(found);
        boolean hasV4 = all.stream().anyMatch(Inet4Address.class::isInstance);
        return all.stream()
                .filter(address -> !hasV4 || address instanceof Inet4Address)
                .map(InetAddress::getHostAddress)
                .toList();
    }

    /** What is known now, in alphabetical order. Any thread may ask. */
    List<String> addresses(String name) {
        return known.getOrDefault(name, List.of());
    }

    /** From now on these names are followed, and no others. */
    void follow(Set<String> names) {
        Set<String> unwanted = new HashSet<>(followed.keySet());
        unwanted.removeAll(names);
        for (String name : unwanted) {
            Optional.ofNullable(followed.remove(name)).ifPresent(gone -> gone.thread.interrupt());
            known.remove(name);
        }
        names.forEach(name -> followed.computeIfAbsent(name, this::begin));
    }

    private Followed begin(String name) {
        CompletableFuture<Void> first = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("linnet-name-" + name).start(() -> followUp(name, first));
        return new Followed(thread, first);
    }

    private void followUp(String name, CompletableFuture<Void> first) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look(name);
                first.complete(null);
                TimeUnit.NANOSECONDS.sleep(refresh.toNanos());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Nobody leads there any more.
        } finally {
            first.complete(null);
        }
    }

    private void look(String name) throws InterruptedException {
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        // The system's resolver blocks the thread below: virtual ones share few of those.
        Thread.ofPlatform().daemon().name("linnet-dns").start(() -> ask(name, answer));
        try {
            put(name, answer.get(DEADLINE.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            log.atDebug().addKeyValue("name", name).setCause(e.getCause()).log("Name is not known");
            put(name, List.of());
        } catch (TimeoutException _) {
            log.atDebug().addKeyValue("name", name).log("Name is not answered in time");
        }
    }

    private void ask(String name, CompletableFuture<List<String>> answer) {
        try {
            answer.complete(resolver.addresses(name));
        } catch (UnknownHostException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private void put(String name, List<String> found) {
        List<String> now = found.stream().sorted().toList();
        List<String> before = known.put(name, now);
        if (!now.equals(before == null ? List.of() : before)) {
            log.atInfo().addKeyValue("name", name).addKeyValue("addresses", now).log("External name leads elsewhere");
            whenChanged.accept(name);
        }
    }

    /** Waits for the first answer of each name, at most as long as one may take, and gives the names. */
    List<String> awaitFirst() {
        for (Followed each : followed.values()) {
            try {
                each.first.get(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return List.of();
            } catch (ExecutionException | TimeoutException e) {
                log.atWarn().setCause(e).log("An external name is not answered in time");
            }
        }
        return new ArrayList<>(followed.keySet());
    }

    @Override
    public void close() {
        followed.values().forEach(each -> each.thread.interrupt());
    }
}
