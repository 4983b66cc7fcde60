package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static dev.linnet.apiserver.patch.Writers.NOTHING;
import static dev.linnet.apiserver.patch.Writers.WEB;
import static dev.linnet.apiserver.patch.Writers.apply;
import static dev.linnet.apiserver.patch.Writers.container;
import static dev.linnet.apiserver.patch.Writers.fieldsOf;
import static dev.linnet.apiserver.patch.Writers.managers;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class ApplyDroppingFieldsTest {

    @Test
    void removesThemFromTheObject() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        ObjectNode less = apply(
                web, "{apiVersion: apps/v1, metadata: {name: web, namespace: shop}, spec: {replicas: 3}}", "alice");

        assertThat(less.path("spec")).isEqualTo(yaml("{replicas: 3}"));
        assertThat(less.path("metadata").has("labels")).isFalse();
        assertThat(fieldsOf(less, "alice")).isEqualTo(yaml("{f:spec: {f:replicas: {}}}"));
    }

    @Test
    void keepsWhatSomebodyElseOwnsToo() {
        ObjectNode web = apply(apply(NOTHING, WEB, "alice"), WEB, "bob");

        ObjectNode less = apply(web, "{apiVersion: apps/v1, metadata: {name: web}}", "alice");

        assertThat(less.path("spec")).isEqualTo(web.path("spec"));
        assertThat(managers(less)).isEqualTo("bob");
    }

    @Test
    void keepsWhatNobodyOwns() {
        ObjectNode web = apply(NOTHING, WEB, "alice");
        container(web).put("imagePullPolicy", "Always");

        ObjectNode changed = apply(web, WEB.replace(", ports: [{containerPort: 80}]", ""), "alice");

        assertThat(container(changed)).isEqualTo(yaml("{name: app, image: 'app:1', imagePullPolicy: Always}"));
    }

    @Test
    void takesWhatNobodyOwnsAlongWithTheFieldThatHeldIt() {
        String probed = WEB.replace("image: 'app:1',", "image: 'app:1', livenessProbe: {path: /},");
        ObjectNode web = apply(NOTHING, probed, "alice");
        container(web).withObject("/livenessProbe").put("timeoutSeconds", 1);

        assertThat(container(apply(web, WEB, "alice")).has("livenessProbe")).isFalse();
    }

    @Test
    void keepsAFieldInWhichSomebodyElseOwnsSomething() {
        String probed = WEB.replace("image: 'app:1',", "image: 'app:1', livenessProbe: {path: /},");
        ObjectNode web = apply(NOTHING, probed, "alice");
        web = apply(web, """
                apiVersion: apps/v1
                spec: {template: {spec: {containers: [{name: app, livenessProbe: {periodSeconds: 5}}]}}}
                """, "bob");

        assertThat(container(apply(web, WEB, "alice")).path("livenessProbe")).isEqualTo(yaml("{periodSeconds: 5}"));
    }

    @Test
    void removesOnlyTheWritersOwnElements() {
        ObjectNode web = apply(NOTHING, WEB, "alice");
        web = apply(web, """
                apiVersion: apps/v1
                spec: {template: {spec: {containers: [{name: sidecar, image: s}]}}}
                """, "bob");

        ObjectNode without = apply(web, "{apiVersion: apps/v1, metadata: {name: web}}", "alice");

        assertThat(without.at("/spec/template/spec/containers"))
                .isEqualTo(yaml("{l: [{name: sidecar, image: s}]}").path("l"));
    }

    @Test
    void removesElementsOfSets() {
        String both = "{apiVersion: apps/v1, metadata: {name: web, finalizers: [a, b]}}";
        ObjectNode web = apply(NOTHING, both, "alice");

        ObjectNode one = apply(web, "{apiVersion: apps/v1, metadata: {name: web, finalizers: [b]}}", "alice");

        assertThat(one.at("/metadata/finalizers")).isEqualTo(yaml("{l: [b]}").path("l"));
    }

    @Test
    void forgetsAnOwnerThatAppliesNothing() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        ObjectNode empty = apply(web, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}", "alice");

        assertThat(empty.path("metadata").has("managedFields")).isFalse();
    }
}
