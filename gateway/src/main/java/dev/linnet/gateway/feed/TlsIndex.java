package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KeyRing.Found;
import dev.linnet.gateway.tls.CertificateTable;
import dev.linnet.gateway.tls.ClientAuthorities;
import dev.linnet.gateway.tls.ServedCertificate;
import dev.linnet.gateway.tls.ServerTls;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.ClientAuth.Authorities;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which certificate each host shows and whom it asks for theirs, made of what Ingresses say and of what Secrets hold. A change costs
 * what its hosts cost. Used by one thread.
 */
final class TlsIndex {
    private static final Duration SOON = Duration.ofDays(10);

    private final KeyRing keys;
    private final InstantSource clock;
    private final Optional<SecretRef> usual;
    private final Map<String, HostTls> hosts = new HashMap<>();
    private final Map<SecretRef, Set<String>> hostsBySecret = new HashMap<>();
    private final Map<Authorities, Integer> asking = new HashMap<>();
    private final Map<String, List<Problem>> problems = new HashMap<>();
    private final Map<Shown, ServerTls> shared = new HashMap<>();
    private final Map<SecretRef, Set<Shown>> sharedBySecret = new HashMap<>();
    private final Set<String> dirty = new LinkedHashSet<>();
    private final Set<ObjectRef> touched = new LinkedHashSet<>();
    private final Map<String, Instant> reminders = new HashMap<>();
    private final Faults faults;
    private Instant nextReminder = Instant.MAX;
    private CertificateTable table;
    private ServerTls fake;

    /** What one host shows and asks for: hosts that have this in common share their sessions. */
    private record Shown(Optional<SecretRef> certificate, Optional<Authorities> authorities) {}

    /**
     * Knows nothing yet.
     *
     * @param usual the certificate of hosts without one of their own; empty for the fake one
     */
    TlsIndex(KeyRing keys, Optional<SecretRef> usual, CertificateTable table, InstantSource clock, Faults faults) {
        this.faults = faults;
        this.keys = keys;
        this.usual = usual;
        this.table = table;
        this.fake = table.find("");
        this.clock = clock;
    }

    /** From now on TLS is spoken otherwise: all that is shown is made anew. */
    void speak(ServerTls other) {
        fake = other;
        shared.clear();
        sharedBySecret.clear();
        remakeAll();
    }

    private void remakeAll() {
        dirty.addAll(hosts.keySet());
        dirty.add(""); // also without hosts the table is made anew
    }

    void hostChanged(String host, Optional<HostTls> now) {
        Optional.ofNullable(hosts.remove(host)).ifPresent(before -> {
            before.secrets().forEach(secret -> removeFrom(hostsBySecret, secret, host));
            before.authorities().ifPresent(whom -> ask(whom, -1));
        });
        now.ifPresent(tls -> {
            hosts.put(host, tls);
            tls.secrets()
                    .forEach(secret -> hostsBySecret
                            .computeIfAbsent(secret, _ -> new HashSet<>())
                            .add(host));
            tls.authorities().ifPresent(whom -> ask(whom, 1));
        });
        dirty.add(host);
    }

    private static void removeFrom(Map<SecretRef, Set<String>> index, SecretRef secret, String host) {
        Set<String> left = index.getOrDefault(secret, new HashSet<>());
        left.remove(host);
        if (left.isEmpty()) {
            index.remove(secret);
        }
    }

    private void ask(Authorities authorities, int more) {
        if (asking.merge(authorities, more, Integer::sum) == 0) {
            asking.remove(authorities);
        }
    }

    void secretChanged(SecretRef secret) {
        sharedBySecret.getOrDefault(secret, Set.of()).forEach(shared::remove);
        sharedBySecret.remove(secret);
        if (usual.equals(Optional.of(secret))) {
            shared.keySet().removeIf(shown -> shown.certificate.isEmpty());
            remakeAll();
        } else {
            dirty.addAll(hostsBySecret.getOrDefault(secret, Set.of()));
        }
    }

    /** The table as it is now; empty if nothing is different. */
    Optional<CertificateTable> resolve() {
        remind();
        if (dirty.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Optional<ServerTls>> changed = new HashMap<>();
        faults.eachOnce(dirty, "host", host -> resolve(host, changed));
        table = table.with(changed).withUsual(shown(Optional.empty(), Optional.empty()));
        return Optional.of(table);
    }

    private void resolve(String host, Map<String, Optional<ServerTls>> changed) {
        List<Problem> found = new ArrayList<>();
        reminders.remove(host);
        changed.put(host, Optional.ofNullable(hosts.get(host)).map(tls -> resolve(tls, found)));
        note(host, found);
    }

    /** Certificates grow old without anybody changing anything. */
    private void remind() {
        Instant now = clock.instant();
        if (now.isBefore(nextReminder)) {
            return;
        }
        nextReminder = Instant.MAX;
        reminders.forEach((host, due) -> {
            if (due.isAfter(now)) {
                nextReminder = due.isBefore(nextReminder) ? due : nextReminder;
            } else {
                dirty.add(host);
            }
        });
    }

    private void note(String host, List<Problem> after) {
        List<Problem> before = problems.getOrDefault(host, List.of());
        if (before.equals(after)) {
            return;
        }
        Stream.of(before, after).flatMap(List::stream).forEach(problem -> touched.add(problem.object()));
        if (after.isEmpty()) {
            problems.remove(host);
        } else {
            problems.put(host, after);
        }
    }

    private ServerTls resolve(HostTls tls, List<Problem> found) {
        Optional<SecretRef> certificate = tls.certificates().flatMap(wanted -> certificate(tls.host(), wanted, found));
        Optional<Authorities> authorities = tls.authorities().filter(whom -> areKnown(whom, tls.certificates(), found));
        return shown(certificate, authorities);
    }

    private boolean areKnown(Authorities whom, Optional<HostTls.Certificates> said, List<Problem> found) {
        Found<ClientAuthorities> authorities = keys.authorities(whom);
        if (!authorities.objection().isEmpty()) {
            said.ifPresent(by -> found.add(new Problem(
                    by.source(),
                    Reason.BAD_SECRET,
                    by.where(),
                    "asks clients for certificates of authorities in Secret " + keys.secret(whom) + ", which "
                            + authorities.objection() + ": nobody is let in")));
        }
        return authorities.value().isPresent();
    }

    /** The first that is valid for the host. */
    private Optional<SecretRef> certificate(String host, HostTls.Certificates wanted, List<Problem> found) {
        for (SecretRef secret : wanted.secrets()) {
            Found<ServedCertificate> certificate = keys.certificate(secret);
            boolean fits = certificate
                    .value()
                    .filter(value -> wanted.always() || value.isFor(host))
                    .isPresent();
            if (fits) {
                certificate.value().ifPresent(value -> {
                    remindOfItsEnd(secret, value, wanted, found);
                    remindLater(host, value.notAfter());
                });
                return Optional.of(secret);
            }
            String objection = certificate
                    .value()
                    .map(value -> "is for " + String.join(", ", value.names()) + " and not for " + host)
                    .orElse(certificate.objection());
            if (!objection.isEmpty() && (wanted.listed() || certificate.value().isEmpty())) {
                found.add(problem(wanted, secret, objection + ": the default certificate is shown"));
            }
        }
        return Optional.empty();
    }

    private void remindOfItsEnd(
            SecretRef secret, ServedCertificate certificate, HostTls.Certificates wanted, List<Problem> found) {
        Instant now = clock.instant();
        Instant end = certificate.notAfter();
        if (end.isBefore(now)) {
            found.add(problem(wanted, secret, "has expired at " + end + ": it is shown all the same"));
        } else if (end.isBefore(now.plus(SOON))) {
            found.add(problem(wanted, secret, "expires at " + end));
        }
    }

    /** When its author must hear something else about the end of this certificate. */
    private void remindLater(String host, Instant end) {
        Instant now = clock.instant();
        Instant due = end.minus(SOON).isAfter(now) ? end.minus(SOON) : end;
        if (due.isAfter(now)) {
            Instant next = due.plusSeconds(1);
            reminders.put(host, next);
            nextReminder = next.isBefore(nextReminder) ? next : nextReminder;
        }
    }

    private static Problem problem(HostTls.Certificates wanted, SecretRef secret, String objection) {
        return new Problem(
                wanted.source(), Reason.BAD_SECRET, wanted.where(), "names Secret " + secret + ", which " + objection);
    }

    private ServerTls shown(Optional<SecretRef> certificate, Optional<Authorities> authorities) {
        return shared.computeIfAbsent(new Shown(certificate, authorities), wanted -> {
            Stream.concat(certificate.stream(), authorities.stream().flatMap(Authorities::secrets))
                    .forEach(secret -> sharedBySecret
                            .computeIfAbsent(secret, _ -> new HashSet<>())
                            .add(wanted));
            Optional<ClientAuthorities> asked =
                    authorities.flatMap(whom -> keys.authorities(whom).value());
            Optional<ServedCertificate> own = certificate
                    .or(() -> usual)
                    .flatMap(secret -> keys.certificate(secret).value());
            return own.map(found -> fake.showing(found).asking(asked)).orElseGet(() -> fake.asking(asked));
        });
    }

    /** The authorities that hosts ask for, as they are now. */
    Map<Authorities, ClientAuthorities> authorities() {
        Map<Authorities, ClientAuthorities> now = new HashMap<>();
        asking.keySet().forEach(whom -> keys.authorities(whom).value().ifPresent(value -> now.put(whom, value)));
        return now;
    }

    Set<ObjectRef> takeTouched() {
        Set<ObjectRef> taken = new LinkedHashSet<>(touched);
        touched.clear();
        return taken;
    }

    /** What the object's author should hear about its hosts. */
    List<Problem> problems(ObjectRef object, Set<String> ofHosts) {
        return ofHosts.stream()
                .flatMap(host -> problems.getOrDefault(host, List.of()).stream())
                .filter(problem -> problem.object().equals(object))
                .toList();
    }
}
