package dev.linnet.apiserver.rest;

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
        InstantSource clock,
        RandomGenerator random) {

    static Workshop of(
            ObjectStore store, KindCatalog catalog, Admission admission, InstantSource clock, RandomGenerator random) {
        Bodies bodies = new Bodies();
        return new Workshop(
                store,
                catalog,
                bodies,
                new Intake(catalog, bodies),
                new Preparation(admission, clock),
                new Ownership(catalog, clock),
                new Namespaces(store),
                new Views(clock),
                clock,
                random);
    }
}
