package dev.linnet.machine.node;

import dev.linnet.machine.node.Surroundings.Home;
import dev.linnet.machine.node.spec.MissingReference;
import dev.linnet.machine.node.spec.PodPorts;
import dev.linnet.machine.node.spec.Volumes;
import dev.linnet.machine.podproxy.PodProxy;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Everything that a Pod needs before its first container can start: address, ports, volumes. Tries until it has it. */
final class PodPreparation {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 100;
    private static final Duration BETWEEN = Duration.ofMillis(50);

    private final Surroundings surroundings;
    private final Home home;
    private final PodRecord record;
    private final PodVoice voice;

    PodPreparation(Surroundings surroundings, Home home, PodRecord record, PodVoice voice) {
        this.surroundings = surroundings;
        this.home = home;
        this.record = record;
        this.voice = voice;
    }

    /** One step; its failure is told and it is tried again. */
    private interface Step<T> {
        T take() throws MissingReference, IOException;
    }

    /**
     * @param reserved     the Pod's address, if it has one already: others may still send requests there
     * @param addressTaken hears the Pod's address as soon as it is known: whoever hears it must give it back
     * @param proxyOpened  hears of the Pod's proxy: whoever hears it must close it
     */
    Sandbox prepare(Optional<InetAddress> reserved, Consumer<InetAddress> addressTaken, Consumer<PodProxy> proxyOpened)
            throws InterruptedException {
        InetAddress address =
                untilDone(() -> reserved.orElseGet(surroundings.addresses().pods()::take), voice::failedSandbox);
        addressTaken.accept(address);
        PodProxy proxy = untilDone(() -> openProxy(address), voice::failedSandbox);
        proxyOpened.accept(proxy);
        ApiReferences references = new ApiReferences(surroundings.client(), record);
        Optional<Credentials> credentials = untilDone(() -> credentials(references), voice::failedSandbox);
        Sandbox sandbox = new Sandbox(surroundings, home, record, proxy, credentials);
        untilDone(() -> tellPorts(sandbox.ports()), voice::failedSandbox);
        Volumes volumes = sandbox.volumes();
        for (Volume volume : sandbox.madeVolumes()) {
            untilDone(() -> make(volume, volumes), problem -> voice.failedMount(volume.getName(), problem));
        }
        return sandbox;
    }

    private Optional<Credentials> credentials(ApiReferences references) throws MissingReference {
        return awaitAccount(references)
                ? Optional.of(new Credentials(
                        surroundings.client().getConfiguration(),
                        record.key().namespace(),
                        references.token("", Credentials.LIFE)))
                : Optional.empty();
    }

    /** A namespace gets its ServiceAccount a moment after it was made. That is not worth an Event. */
    private boolean awaitAccount(ApiReferences references) throws MissingReference {
        for (int attempt = 1; ; attempt++) {
            try {
                return references.wantsToken();
            } catch (MissingReference e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
    }

    private <T> T untilDone(Step<T> step, Consumer<String> failed) throws InterruptedException {
        Duration retry = FIRST_RETRY;
        while (true) {
            try {
                return step.take();
            } catch (MissingReference | IOException | KubernetesClientException | IllegalStateException e) {
                RunningContainer.throwIfInterrupted();
                failed.accept(Objects.requireNonNullElseGet(e.getMessage(), e::toString));
            }
            Thread.sleep(retry);
            retry = ContainerLoop.longer(retry);
        }
    }

    private PodProxy openProxy(InetAddress address) throws IOException {
        Map<Integer, Integer> ports =
                PodPorts.of(record.pod(), surroundings.addresses().lowPorts());
        return surroundings.proxies().open(record.key().namespace(), address, Set.copyOf(ports.values()));
    }

    /** Before the Pod can be ready, so that whoever learns of the Pod's endpoints learns of its real ports too. */
    private boolean tellPorts(Map<Integer, Integer> ports) {
        Optional<String> wanted = PodPorts.annotation(ports);
        Map<String, String> annotations = record.pod().getMetadata().getAnnotations();
        Optional<String> present = Optional.ofNullable(annotations).map(entries -> entries.get(PodPorts.ANNOTATION));
        if (wanted.equals(present)) {
            return false;
        }
        String value = wanted.map(text -> '"' + text + '"').orElse("null");
        Pod answer = surroundings
                .client()
                .pods()
                .inNamespace(record.key().namespace())
                .withName(record.key().name())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"uid\":\"%s\",\"annotations\":{\"%s\":%s}}}"
                                .formatted(record.uid(), PodPorts.ANNOTATION, value));
        record.offer(answer);
        return true;
    }

    private static boolean make(Volume volume, Volumes volumes) throws MissingReference, IOException {
        volumes.make(volume);
        return true;
    }
}
