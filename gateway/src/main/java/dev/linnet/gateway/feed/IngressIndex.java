package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.FollowedObject.Identity;
import dev.linnet.manifests.Translation;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.Hosts;
import dev.linnet.manifests.ingress.IngressReader;
import dev.linnet.manifests.ingress.IngressReading;
import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.manifests.ingress.IngressTls;
import dev.linnet.manifests.ingress.IngressTranslator;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule;
import dev.linnet.routing.SecretRef;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All Ingresses and what was made of them, by object and by host. A change dirties the hosts that the object named before and
 * names now, and nothing else. Used by one thread.
 */
final class IngressIndex {
    private static final Logger log = LoggerFactory.getLogger(IngressIndex.class);

    private static final IngressTls NO_TLS = new IngressTls(List.of(), Optional.empty());
    private static final Translation NOTHING = new Translation(List.of(), List.of(), List.of());

    private final ClassSettings classes;
    private final SecretIndex secrets;
    private final ConfigMapIndex configMaps;
    private final Map<String, String> controllers = new HashMap<>();
    private final Map<ObjectRef, Entry> entries = new HashMap<>();
    private final Hosts hosts = new Hosts();
    private final AlikeIngresses alike = new AlikeIngresses();
    private final Map<ObjectRef, Set<ObjectRef>> users = new HashMap<>();
    private final Map<String, Translation> translations = new HashMap<>();
    private final Map<String, Optional<HostTls>> changedTls = new LinkedHashMap<>();
    private final Set<ObjectRef> touched = new LinkedHashSet<>();

    IngressIndex(ClassSettings classes, ConfigMapIndex configMaps, SecretIndex secrets) {
        this.classes = classes;
        this.secrets = secrets;
        this.configMaps = configMaps;
    }

    /**
     * An Ingress that exists.
     *
     * @param slim    without what neither routing nor status needs
     * @param reading empty if it is not ours
     * @param read    the version that the reading is of; older than the object's if that one could not be read
     */
    private record Entry(Ingress slim, Optional<IngressReading> reading, String read) {}

    /** The rules of one host, before and after. */
    record HostChange(String host, List<Rule> before, List<Rule> after) {}

    /** @param now as {@link Slim} has made it */
    void put(ObjectRef object, Optional<Ingress> now) {
        Optional<Entry> before = Optional.ofNullable(entries.get(object));
        Optional<Entry> after = now.map(slim -> entry(object, slim, before));
        after.ifPresentOrElse(entry -> entries.put(object, entry), () -> entries.remove(object));
        touched.add(object);
        before.ifPresent(entry -> references(entry)
                .forEach(configMap ->
                        users.getOrDefault(configMap, new HashSet<>()).remove(object)));
        after.ifPresent(entry -> references(entry)
                .forEach(configMap ->
                        users.computeIfAbsent(configMap, _ -> new HashSet<>()).add(object)));
        Optional<IngressReading> was = before.flatMap(Entry::reading);
        Optional<IngressReading> is = after.flatMap(Entry::reading);
        secrets.use(object, secretsOf(was), secretsOf(is));
        if (!was.equals(is)) {
            was.ifPresent(hosts::remove);
            is.ifPresent(hosts::put);
        }
    }

    private static Set<SecretRef> secretsOf(Optional<IngressReading> reading) {
        return reading.map(IngressReading::secrets).orElseGet(Set::of);
    }

    /** Takes Ingresses in or out whose class appears, disappears or changes hands. */
    void putClass(String name, Optional<IngressClass> now) {
        Optional<String> after = now.flatMap(IngressTranslator::controller);
        Optional<String> before = Optional.ofNullable(controllers.get(name));
        if (before.equals(after)) {
            return;
        }
        after.ifPresentOrElse(controller -> controllers.put(name, controller), () -> controllers.remove(name));
        readAgain(entries.entrySet().stream()
                .filter(entry ->
                        ClassSettings.className(entry.getValue().slim()).equals(Optional.of(name)))
                .map(Map.Entry::getKey)
                .toList());
    }

    /** What holds for all of them has changed. */
    void optionsChanged() {
        readAgain(List.copyOf(entries.keySet()));
    }

    void configMapChanged(ObjectRef configMap) {
        readAgain(List.copyOf(users.getOrDefault(configMap, Set.of())));
    }

    private void readAgain(List<ObjectRef> objects) {
        objects.forEach(object -> put(object, Optional.of(entryOf(object).slim())));
    }

    private static Set<ObjectRef> references(Entry entry) {
        return entry.reading().map(IngressReading::references).orElse(Set.of());
    }

    /** The ConfigMaps that Ingresses name. */
    Set<ObjectRef> references() {
        users.values().removeIf(Set::isEmpty);
        return Set.copyOf(users.keySet());
    }

    private Entry entryOf(ObjectRef object) {
        return Optional.ofNullable(entries.get(object)).orElseThrow();
    }

    private Entry entry(ObjectRef object, Ingress slim, Optional<Entry> before) {
        if (!classes.decide(slim, controllers).ours()) {
            return new Entry(slim, Optional.empty(), "");
        }
        try {
            IngressReading reading = alike.in(IngressReader.read(slim, configMaps.options(), configMaps));
            return new Entry(slim, Optional.of(reading), Identity.of(slim).resourceVersion());
        } catch (RuntimeException e) {
            // One object that we cannot read must not stop the others.
            log.atError().addKeyValue("object", object).setCause(e).log("Ingress cannot be read");
            IngressReading last = lastGood(object, before.flatMap(Entry::reading), e);
            return new Entry(slim, Optional.of(last), before.map(Entry::read).orElse(""));
        }
    }

    private static IngressReading lastGood(ObjectRef object, Optional<IngressReading> last, RuntimeException cause) {
        Problem problem = new Problem(
                object,
                Reason.BAD_SPEC,
                "spec",
                "cannot be read (" + cause + "): "
                        + (last.isPresent() ? "its last good version stays in force" : "it serves nothing"));
        return last.map(good -> new IngressReading(
                        object,
                        good.created(),
                        good.role(),
                        good.routes(),
                        good.references(),
                        good.tls(),
                        List.of(problem)))
                .orElseGet(() -> new IngressReading(
                        object, Instant.MAX, new Role.Nothing(), List.of(), Set.of(), NO_TLS, List.of(problem)));
    }

    /** Settles the hosts that are dirty, and gives those whose rules are different now. */
    List<HostChange> merge() {
        List<HostChange> changes = new ArrayList<>();
        for (String host : hosts.takeDirty()) {
            Translation before = translations.getOrDefault(host, NOTHING);
            Translation after = merge(host, before);
            if (after.equals(NOTHING)) {
                translations.remove(host);
            } else {
                translations.put(host, after);
            }
            if (!before.problems().equals(after.problems())) {
                Stream.of(before, after)
                        .flatMap(translation -> translation.problems().stream())
                        .forEach(problem -> touched.add(problem.object()));
            }
            if (!before.tls().equals(after.tls())) {
                changedTls.put(host, after.tls().stream().findFirst());
            }
            if (!before.rules().equals(after.rules())) {
                changes.add(new HostChange(host, before.rules(), after.rules()));
            }
        }
        return changes;
    }

    private Translation merge(String host, Translation before) {
        try {
            return alike.in(hosts.translate(host));
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("host", host)
                    .setCause(e)
                    .log("Routes of a host cannot be settled, the last ones stay");
            return before;
        }
    }

    /** The rules of a host as they are now. */
    List<Rule> rules(String host) {
        return translations.getOrDefault(host, NOTHING).rules();
    }

    /** How a host is secured, if somebody says so. */
    Optional<HostTls> tls(String host) {
        return translations.getOrDefault(host, NOTHING).tls().stream().findFirst();
    }

    /** How hosts are secured that are secured otherwise since the last call. */
    Map<String, Optional<HostTls>> takeTls() {
        Map<String, Optional<HostTls>> taken = new LinkedHashMap<>(changedTls);
        changedTls.clear();
        return taken;
    }

    /** The hosts that an object names. */
    Set<String> hosts(ObjectRef object) {
        return Optional.ofNullable(entries.get(object))
                .flatMap(Entry::reading)
                .map(IngressReading::hosts)
                .orElseGet(Set::of);
    }

    /** The objects whose version or problems changed since the last call. */
    Set<ObjectRef> takeTouched() {
        Set<ObjectRef> taken = new LinkedHashSet<>(touched);
        touched.clear();
        return taken;
    }

    /** The object as it is obeyed; empty if it is not ours. */
    Optional<FollowedObject> followed(ObjectRef object) {
        return Optional.ofNullable(entries.get(object))
                .filter(entry -> entry.reading().isPresent())
                .map(entry ->
                        new FollowedObject(object, Identity.of(entry.slim()), status(entry.slim()), problems(entry)));
    }

    private FollowedObject.Status status(Ingress slim) {
        boolean onlyOurs = ClassSettings.className(slim)
                .flatMap(name -> Optional.ofNullable(controllers.get(name)))
                .filter(ClassSettings.OWN_CONTROLLER::equals)
                .isPresent();
        return FollowedObject.Status.of(slim, !onlyOurs);
    }

    /** The version that is in force; empty if none is. */
    Optional<String> applied(ObjectRef object) {
        return Optional.ofNullable(entries.get(object)).map(Entry::read).filter(version -> !version.isEmpty());
    }

    private List<Problem> problems(Entry entry) {
        return entry.reading().stream()
                .flatMap(reading -> Stream.concat(
                        reading.problems().stream(),
                        Stream.concat(reading.hosts().stream(), reading.claims().stream())
                                .flatMap(host -> Stream.ofNullable(translations.get(host)))
                                .flatMap(translation -> translation.problems().stream())
                                .filter(problem -> problem.object().equals(reading.object()))))
                .distinct()
                .toList();
    }
}
