package dev.linnet.e2e;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import java.util.concurrent.atomic.AtomicInteger;

/** An operator with the SDK's defaults: a finalizer, a status, and two objects that belong to each Website. */
@Workflow(
        dependents = {@Dependent(type = WebsiteReconciler.Page.class), @Dependent(type = WebsiteReconciler.Server.class)
        })
@ControllerConfiguration(name = "websites")
public final class WebsiteReconciler implements Reconciler<Website>, Cleaner<Website> {
    private final String name;
    private final AtomicInteger reconciled = new AtomicInteger();
    private final AtomicInteger cleaned = new AtomicInteger();

    WebsiteReconciler(String name) {
        this.name = name;
    }

    int reconciled() {
        return reconciled.get();
    }

    int cleaned() {
        return cleaned.get();
    }

    @Override
    public UpdateControl<Website> reconcile(Website website, Context<Website> context) {
        reconciled.incrementAndGet();
        Website.Status status = new Website.Status();
        status.observedGeneration = website.getMetadata().getGeneration();
        status.message = name + " serves " + website.getSpec().greeting;
        Website reported = new Website();
        reported.setStatus(status);
        reported.setMetadata(new ObjectMetaBuilder()
                .withName(website.getMetadata().getName())
                .withNamespace(website.getMetadata().getNamespace())
                .build());
        return UpdateControl.patchStatus(reported);
    }

    @Override
    public DeleteControl cleanup(Website website, Context<Website> context) {
        cleaned.incrementAndGet();
        return DeleteControl.defaultDelete();
    }

    /** The SDK replaces ConfigMaps. */
    public static final class Page extends CRUDKubernetesDependentResource<ConfigMap, Website> {
        public Page() {
            super(ConfigMap.class);
        }

        @Override
        protected ConfigMap desired(Website website, Context<Website> context) {
            return new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(website.getMetadata().getName())
                    .withNamespace(website.getMetadata().getNamespace())
                    .endMetadata()
                    .addToData("index.html", website.getSpec().greeting)
                    .build();
        }
    }

    /** The SDK applies Deployments on the server's side, and compares their managed fields. */
    public static final class Server extends CRUDKubernetesDependentResource<Deployment, Website> {
        public Server() {
            super(Deployment.class);
        }

        @Override
        protected Deployment desired(Website website, Context<Website> context) {
            return new DeploymentBuilder(
                            Objects.deployment(website.getMetadata().getName(), 0))
                    .editMetadata()
                    .withNamespace(website.getMetadata().getNamespace())
                    .endMetadata()
                    .build();
        }
    }
}
