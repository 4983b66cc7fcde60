package dev.linnet.machine.namespace;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives every namespace what Pods take for granted: the ServiceAccount {@code default} and the cluster's CA certificate. */
public final class ServiceAccountController implements Part {
    private static final String NAME = "service-account-controller";
    private static final String ACCOUNT = "default";
    private static final String ROOT_CA = "kube-root-ca.crt";
    private static final int WORKERS = 2;

    private final KubernetesClient client;
    private final Optional<String> rootCa;
    private final Watched<Namespace> namespaces;
    private final Watched<ServiceAccount> accounts;
    private final Watched<ConfigMap> certificates;
    private final ReconcileLoop<Key> loop;

    /** {@code rootCa} is the CA certificate of the API as PEM text; without one nothing is published. */
    public ServiceAccountController(Workbench bench, Optional<String> rootCa) {
        this.client = bench.client();
        this.rootCa = rootCa;
        this.namespaces = bench.informers().of(Namespace.class);
        this.accounts = bench.informers().named(ServiceAccount.class, ACCOUNT);
        this.certificates = bench.informers().named(ConfigMap.class, ROOT_CA);
        this.loop = new ReconcileLoop<>(NAME, WORKERS, List.of(namespaces, accounts, certificates), this::reconcile);
        namespaces.onChange(namespace -> loop.touch(Key.of(namespace)));
        accounts.onChange(this::touchNamespace);
        certificates.onChange(this::touchNamespace);
    }

    private void touchNamespace(HasMetadata object) {
        loop.touch(new Key("", object.getMetadata().getNamespace()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration reconcile(Key key) {
        Optional<Namespace> namespace = namespaces.get(key);
        if (namespace.isEmpty() || Owners.isBeingDeleted(namespace.get())) {
            return Reconciler.NOT_AGAIN;
        }
        if (accounts.get(new Key(key.name(), ACCOUNT)).isEmpty()) {
            create(new ServiceAccountBuilder()
                    .withNewMetadata()
                    .withNamespace(key.name())
                    .withName(ACCOUNT)
                    .endMetadata()
                    .build());
        }
        rootCa.ifPresent(pem -> publish(key.name(), pem));
        return Reconciler.NOT_AGAIN;
    }

    private void publish(String namespace, String pem) {
        Map<String, String> wanted = Map.of("ca.crt", pem);
        Optional<ConfigMap> there = certificates.get(new Key(namespace, ROOT_CA));
        if (there.isEmpty()) {
            create(new ConfigMapBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace)
                    .withName(ROOT_CA)
                    .endMetadata()
                    .withData(wanted)
                    .build());
        } else if (!wanted.equals(there.get().getData())) {
            client.resource(new ConfigMapBuilder(there.get()).withData(wanted).build())
                    .update();
        }
    }

    private void create(HasMetadata object) {
        try {
            client.resource(object).create();
        } catch (KubernetesClientException refused) {
            // There already, and the cache is a moment behind.
            if (!ReconcileLoop.isConflict(refused)) {
                throw refused;
            }
        }
    }
}
