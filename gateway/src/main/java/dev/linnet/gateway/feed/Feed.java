package dev.linnet.gateway.feed;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps {@link LiveRoutes} in step with the Kubernetes API. One thread compiles: at once when something changes, and together
 * what changed meanwhile. The first table is installed when all objects are listed; if the API goes away, the last one stays.
 */
public final class Feed implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Feed.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    /** How long the first table waits for certificates: without them, clients would be shown the default one. */
    private static final Duration FIRST_SECRETS = Duration.ofSeconds(10);

    private static final int HOSTS_TO_LOG = 10;

    /** To read so many takes more memory than they need afterwards. */
    private static final int MANY_HOSTS = 1000;

    /** Certificates come to their end while nothing else happens. */
    private static final Duration A_WHILE = Duration.ofMinutes(30);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final LiveRoutes live;
    private final Optional<Rule> otherwise;
    private final ExternalNames names;
    private final Compiler compiler;
    private final Informers informers;
    private final SecretReader secrets;
    private final Inbox inbox = new Inbox();
    private final Thread thread;
    private final Map<String, String> applied = new ConcurrentHashMap<>();
    private final Map<ObjectRef, FollowedObject> followed = new ConcurrentHashMap<>();
    private final Consumer<Set<Listen>> listen;
    private final List<Consumer<Set<ObjectRef>>> listeners = new CopyOnWriteArrayList<>();
    private Update owed = new Update();
    private volatile boolean synced;

    public Feed(KubernetesClient client, ClassSettings classes, LiveRoutes live) {
        this(client, FeedSettings.of(classes), live);
    }

    public Feed(KubernetesClient client, FeedSettings settings, LiveRoutes live) {
        this(client, settings, live, Informers.LONGEST_SILENCE);
    }

    /** @param listen told at which ports to listen beside the usual ones, each time after the rules for them are in force */
    public Feed(KubernetesClient client, FeedSettings settings, LiveRoutes live, Consumer<Set<Listen>> listen) {
        this(client, settings, live, Informers.LONGEST_SILENCE, ExternalNames.SYSTEM, ExternalNames.REFRESH, listen);
    }

    Feed(KubernetesClient client, FeedSettings settings, LiveRoutes live, Duration longestSilence) {
        this(client, settings, live, longestSilence, ExternalNames.SYSTEM, ExternalNames.REFRESH);
    }

    Feed(
            KubernetesClient client,
            FeedSettings settings,
            LiveRoutes live,
            Duration longestSilence,
            ExternalNames.Resolver resolver,
            Duration refresh) {
        this(client, settings, live, longestSilence, resolver, refresh, _ -> {});
    }

    Feed(
            KubernetesClient client,
            FeedSettings settings,
            LiveRoutes live,
            Duration longestSilence,
            ExternalNames.Resolver resolver,
            Duration refresh,
            Consumer<Set<Listen>> listen) {
        this.listen = listen;
        this.live = live;
        this.names = new ExternalNames(resolver, refresh, host -> inbox.put(new Change.OfName(host)));
        this.otherwise = settings.defaultBackend().map(Compiler::otherwise);
        this.compiler = new Compiler(settings, names::addresses);
        this.secrets = new SecretReader(client, inbox, settings.mesh().isPresent());
        this.informers = new Informers(client, settings, inbox, longestSilence);
        this.thread = Thread.ofPlatform().name("linnet-feed").daemon().unstarted(this::follow);
    }

    /** Begins to follow, and returns at once; {@link #synced()} tells when the first table is in force. */
    public void start() {
        live.problemsAreKnownBy(this::problems);
        thread.start();
        informers.start();
    }

    /** Whether a whole table has been put in force. Never goes back: an old table serves better than none. */
    public boolean synced() {
        return synced;
    }

    /** Versions that the table in force was compiled from: {@code Ingress/shop/web} → resourceVersion. A live view. */
    public Map<String, String> applied() {
        return Collections.unmodifiableMap(applied);
    }

    /** The Ingresses that are obeyed, and Services with problems. A live view. */
    public Collection<FollowedObject> followed() {
        return Collections.unmodifiableCollection(followed.values());
    }

    private List<Problem> problems() {
        return followed.values().stream()
                .flatMap(object -> object.problems().stream())
                .sorted(Comparator.comparing(Problem::toString))
                .toList();
    }

    public Optional<FollowedObject> followed(ObjectRef object) {
        return Optional.ofNullable(followed.get(object));
    }

    /** Calls back with the objects whose version or problems changed, after the table is in force. Must not block. */
    public void onChange(Consumer<Set<ObjectRef>> listener) {
        listeners.add(listener);
    }

    private void follow() {
        Duration pause = A_WHILE;
        try {
            while (true) {
                pause = tryStep(inbox.take(pause)) ? A_WHILE : longer(pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return pause.equals(A_WHILE) ? FIRST_PAUSE : twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /** False if something is still owed, because of a bug of ours: it is tried again with the next change, or soon. */
    private boolean tryStep(List<Change> changes) {
        try {
            step(changes);
            if (!compiler.takeFaults()) {
                return true;
            }
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("Routes cannot be compiled, the last ones stay in force");
        }
        live.failed();
        return false;
    }

    private void step(List<Change> changes) {
        boolean whole = synced;
        for (Change change : changes) {
            compiler.take(change);
            whole |= change instanceof Change.AllListed;
        }
        CompletableFuture<Void> listed = informers.follow(compiler.named());
        if (!whole) {
            return;
        }
        if (!synced && !listed.isDone()) {
            CompletableFuture<Void> _ = listed.thenRun(() -> inbox.put(new Change.AllListed()));
            return; // What objects name belongs to the first table too.
        }
        readSecrets();
        compiler.compile(owed);
        if (readSecrets()) { // which compiling has found out
            compiler.compile(owed);
        }
        names.follow(compiler.names());
        if (!synced) {
            awaitNames();
        }
        install(owed);
        owed = new Update();
    }

    /** Reads the Secrets that must be. True if they were waited for, as for the first table, and are to be compiled now. */
    private boolean readSecrets() {
        Set<SecretRef> wanted = compiler.takeSecretsToRead();
        if (synced || wanted.isEmpty()) {
            secrets.read(wanted);
            return false;
        }
        secrets.readAndWait(wanted, FIRST_SECRETS);
        inbox.poll().forEach(compiler::take);
        return true;
    }

    /** Whoever starts waits for names, but not long: a route should not begin with refusals. */
    private void awaitNames() {
        names.awaitFirst().forEach(host -> compiler.take(new Change.OfName(host)));
        compiler.compile(owed);
    }

    /** Keys and endpoints first: no request may meet a route whose endpoints are not yet known. */
    private void install(Update update) {
        update.secrets().forEach(this::keep);
        update.tls().ifPresent(live::secure);
        live.pods(update.pods());
        live.workloads(update.workloads());
        live.schedulers(update.schedulers());
        live.policies(update.policies());
        if (!update.endpoints().isEmpty()) {
            live.endpoints(update.endpoints());
        }
        live.readyGateways(compiler.readyGateways());
        boolean otherRules = !synced || !update.hosts().isEmpty();
        if (otherRules || !compiler.policy().equals(live.policy())) {
            RouteTable table = compiled(update.hosts());
            live.install(synced ? table : table.otherwise(otherwise), compiler.policy(), applied());
        }
        if (otherRules) {
            logRoutes(update.hosts().keySet());
        }
        if (!update.unused().isEmpty()) {
            live.endpoints(update.unused());
        }
        update.touched().forEach(this::publish);
        listen.accept(compiler.listens());
        if (!synced && update.hosts().size() >= MANY_HOSTS) {
            System.gc(); // nobody is served yet: later it would cost a pause, or else this memory
        }
        synced = true;
        listeners.forEach(listener -> listener.accept(update.touched()));
    }

    /** If one of the hosts cannot be compiled, the others can: it keeps its last rules. */
    private RouteTable compiled(Map<String, List<Rule>> hosts) {
        try {
            return live.table().withHosts(hosts);
        } catch (RuntimeException _) {
            AtomicReference<RouteTable> table = new AtomicReference<>(live.table());
            hosts.forEach((host, rules) ->
                    compiler.done(host, () -> table.set(table.get().withHosts(Map.of(host, rules)))));
            return table.get();
        }
    }

    private void keep(SecretRef secret, Optional<Secret<Map<String, byte[]>>> now) {
        live.secret(secret, now);
        if (!compiler.uses(secret)) {
            secrets.forget(secret);
        }
    }

    private static void logRoutes(Set<String> hosts) {
        log.atInfo()
                .addKeyValue("hosts", hosts.size() > HOSTS_TO_LOG ? hosts.size() : hosts)
                .log("Routes changed");
    }

    private void publish(ObjectRef object) {
        String key = object.kind() + "/" + object.namespace() + "/" + object.name();
        compiler.applied(object).ifPresentOrElse(version -> applied.put(key, version), () -> applied.remove(key));
        Optional<FollowedObject> after = compiler.followed(object);
        Optional<FollowedObject> before =
                Optional.ofNullable(after.isPresent() ? followed.put(object, after.get()) : followed.remove(object));
        logNews(before.map(FollowedObject::problems).orElseGet(List::of), after);
    }

    private static void logNews(List<Problem> known, Optional<FollowedObject> after) {
        List<Problem> news = new ArrayList<>(after.map(FollowedObject::problems).orElseGet(List::of));
        news.removeAll(known);
        news.forEach(problem -> log.atLevel(problem.reason().mayPass() ? Level.INFO : Level.WARN)
                .addKeyValue("object", problem.object())
                .addKeyValue("path", problem.path())
                .addKeyValue("problem", problem.message())
                .log("Object is not obeyed as written"));
    }

    @Override
    public void close() {
        informers.close();
        secrets.close();
        names.close();
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(CLOSE_DEADLINE)) {
                log.atWarn().addKeyValue("deadline", CLOSE_DEADLINE).log("Compile does not end");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
