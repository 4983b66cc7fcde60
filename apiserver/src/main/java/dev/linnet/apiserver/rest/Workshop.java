package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.access.Authorizer;
import dev.linnet.apiserver.access.Escalation;
import dev.linnet.apiserver.admission.Admission;
import dev.linnet.apiserver.admission.Namespaces;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.store.ObjectStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The tools that all verbs share. */
record Workshop(
        ObjectStore store,
        KindCatalog catalog,
        Bodies bodies,
        Intake intake,
        Preparation preparation,
        Ownership ownership,
        Namespaces namespaces,
        Views views,
        Authorizer authorizer,
        InstantSource clock,
        RandomGenerator random) {

    static Workshop of(KubernetesApi.Parts parts) {
        Bodies bodies = new Bodies();
        Admission admission = new Admission(
                parts.store(), parts.services(), parts.tokens(), parts.authority(), parts.clock(), parts.random());
        return new Workshop(
                parts.store(),
                parts.catalog(),
                bodies,
                new Intake(parts.catalog(), bodies),
                new Preparation(admission, new Escalation(parts.authorizer()), parts.clock()),
                new Ownership(parts.catalog(), parts.clock()),
                new Namespaces(parts.store()),
                new Views(parts.clock()),
                parts.authorizer(),
                parts.clock(),
                parts.random());
    }
}
