package dev.linnet.gateway.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/**
 * How clients read and write objects. The kinds that parts of Linnet deal in are read as their classes wherever they come from; of all others fabric8 would
 * load two thousand classes to know their names, and here they are trees unless a caller says what he expects.
 */
public final class ApiModels {
    private static final List<Class<? extends KubernetesResource>> KINDS = List.of(
            ClusterRole.class,
            ClusterRoleBinding.class,
            ConfigMap.class,
            ControllerRevision.class,
            DaemonSet.class,
            Deployment.class,
            Endpoints.class,
            EndpointSlice.class,
            Event.class,
            HorizontalPodAutoscaler.class,
            Ingress.class,
            IngressClass.class,
            Lease.class,
            Namespace.class,
            Node.class,
            Pod.class,
            ReplicaSet.class,
            Role.class,
            RoleBinding.class,
            Secret.class,
            Service.class,
            ServiceAccount.class,
            Status.class); // what a watch says when it cannot go on

    private ApiModels() {}

    /**
     * Clients of one process may share it: what it learns of classes takes time. Its buffers are lent: kept by each thread, as is usual, each of
     * thousands of virtual threads that wait for their turn would hold 16 kB.
     */
    public static KubernetesSerialization make() {
        JsonFactory json = JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                .build();
        KubernetesSerialization models = new KubernetesSerialization(new ObjectMapper(json), false);
        KINDS.forEach(models::registerKubernetesResource);
        models.registerKubernetesResource("v1", "List", KubernetesList.class);
        return models;
    }
}
