package dev.linnet.apiserver;

import dev.linnet.apiserver.access.AdminToken;
import dev.linnet.apiserver.access.Authenticator;
import dev.linnet.apiserver.access.Authorizer;
import dev.linnet.apiserver.access.Callers;
import dev.linnet.apiserver.access.ServiceAccountTokens;
import dev.linnet.apiserver.admission.AddressRange;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.http.DirectCalls;
import dev.linnet.apiserver.http.HttpsFront;
import dev.linnet.apiserver.kinds.BuiltInKinds;
import dev.linnet.apiserver.pki.Kubeconfig;
import dev.linnet.apiserver.pki.PrivateFile;
import dev.linnet.apiserver.pki.ServerIdentity;
import dev.linnet.apiserver.rest.KubernetesApi;
import dev.linnet.apiserver.schema.OpenApiDocuments;
import dev.linnet.apiserver.schema.SchemaCatalog;
import dev.linnet.apiserver.store.DirectoryClaim;
import dev.linnet.apiserver.store.HistoryBounds;
import dev.linnet.apiserver.store.Journal;
import dev.linnet.apiserver.store.MemoryJournal;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.SqliteJournal;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A Kubernetes API server in this process. Ready when {@link #start} returns; {@link #close} ends all watches and writes
 * what was accepted.
 */
public final class ApiServer implements AutoCloseable {
    /** How many of the last changes survive a restart, so that watches can go on where they were. */
    private static final long RETAINED_CHANGES = 10_000;

    private final ServerIdentity identity;
    private final String url;
    private final Path kubeconfig;
    private final DirectCalls direct;
    private final Deque<AutoCloseable> parts;

    private ApiServer(
            ServerIdentity identity, String url, Path kubeconfig, DirectCalls direct, Deque<AutoCloseable> parts) {
        this.identity = identity;
        this.url = url;
        this.kubeconfig = kubeconfig;
        this.direct = direct;
        this.parts = parts;
    }

    /**
     * @throws DirectoryClaim.Taken when another server uses the directory
     * @throws IllegalArgumentException for settings that cannot be
     */
    public static ApiServer start(ApiServerSettings settings) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return start(settings, parts);
        } catch (RuntimeException e) {
            close(parts);
            throw e;
        }
    }

    /** @param parts takes what must be closed, last first */
    private static ApiServer start(ApiServerSettings settings, Deque<AutoCloseable> parts) {
        AddressRange services = AddressRange.parse(settings.serviceCidr());
        parts.push(DirectoryClaim.take(settings.directory()));
        // Half of a cold start is loading the JDK's cryptography; it does not have to wait for the store.
        CompletableFuture<ServerIdentity> pending =
                CompletableFuture.supplyAsync(() -> identity(settings, services), Thread::startVirtualThread);
        ObjectStore store = ObjectStore.open(journal(settings), HistoryBounds.USUAL);
        parts.push(store);
        SchemaCatalog schemas = SchemaCatalog.load();
        KindCatalog catalog = new KindCatalog(store, BuiltInKinds.all(), schemas);
        ServerIdentity identity = joined(pending);
        ServiceAccountTokens tokens = tokens(identity, store, settings);
        Authenticator authenticator = Authenticator.firstOf(List.of(new AdminToken(identity.adminToken()), tokens));
        Authorizer authorizer = new Authorizer(store);
        KubernetesApi api = new KubernetesApi(new KubernetesApi.Parts(
                store,
                catalog,
                new OpenApiDocuments(schemas),
                authenticator,
                tokens,
                authorizer,
                services,
                identity.caPem(),
                settings.kubeletToken(),
                settings.clock(),
                new SecureRandom()));
        parts.push(api);
        api.begin(settings.definitions().get());
        Callers callers = new Callers(authenticator, authorizer);
        HttpsFront front = HttpsFront.open(
                new HttpsFront.Place(settings.listen(), addresses(settings, services)), identity.tls(), callers, api);
        parts.push(front);
        // First of all, so that requests which wait for events do not hold up the rest.
        parts.push(store::endWatches);
        InetSocketAddress address = new InetSocketAddress(advertised(settings), front.port());
        api.publish(address);
        String url = urlOf(address);
        Path kubeconfig = settings.directory().resolve("kubeconfig");
        Kubeconfig.write(kubeconfig, url, identity);
        return new ApiServer(identity, url, kubeconfig, new DirectCalls(callers, api), parts);
    }

    private static ServerIdentity joined(CompletableFuture<ServerIdentity> pending) {
        try {
            return pending.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static ServerIdentity identity(ApiServerSettings settings, AddressRange services) {
        return ServerIdentity.in(
                settings.directory().resolve("pki"),
                addresses(settings, services),
                settings.clock().instant());
    }

    private static ServiceAccountTokens tokens(ServerIdentity identity, ObjectStore store, ApiServerSettings settings) {
        return new ServiceAccountTokens(
                identity.signingSecret().getBytes(StandardCharsets.UTF_8), store, settings.clock());
    }

    private static Journal journal(ApiServerSettings settings) {
        if (settings.ephemeral()) {
            return new MemoryJournal();
        }
        // Secrets are in there.
        Path directory = settings.directory().resolve("store");
        PrivateFile.createDirectory(directory);
        return SqliteJournal.open(directory.resolve("objects.db"), RETAINED_CHANGES);
    }

    /** All under which clients reach the server. */
    private static List<InetAddress> addresses(ApiServerSettings settings, AddressRange services) {
        List<InetAddress> addresses = new ArrayList<>();
        addresses.add(InetAddress.ofLiteral("127.0.0.1"));
        addresses.add(InetAddress.ofLiteral("::1"));
        addresses.add(InetAddress.ofLiteral(services.first()));
        InetAddress listen = settings.listen().getAddress();
        addresses.addAll(listen.isAnyLocalAddress() ? ownAddresses() : List.of(listen));
        return addresses.stream().distinct().toList();
    }

    private static List<InetAddress> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLinkLocalAddress())
                    .toList();
        } catch (SocketException e) {
            throw new UncheckedIOException("cannot read this machine's addresses", e);
        }
    }

    /** Where clients on this machine find the server. */
    private static InetAddress advertised(ApiServerSettings settings) {
        InetAddress listen = settings.listen().getAddress();
        return listen.isAnyLocalAddress() ? InetAddress.ofLiteral("127.0.0.1") : listen;
    }

    private static String urlOf(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** For clients within this process. */
    public DirectCalls direct() {
        return direct;
    }

    /** {@code https://127.0.0.1:6443}. */
    public String url() {
        return url;
    }

    /** A file that lets clients in as administrator. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** The certificate by which clients know the server. */
    public String caPem() {
        return identity.caPem();
    }

    /** Secret. */
    public String adminToken() {
        return identity.adminToken();
    }

    @Override
    public void close() {
        close(parts);
    }

    private static void close(Deque<AutoCloseable> parts) {
        RuntimeException failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                IllegalStateException next = new IllegalStateException("the API server did not close well", e);
                if (failure == null) {
                    failure = next;
                } else {
                    failure.addSuppressed(next);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
