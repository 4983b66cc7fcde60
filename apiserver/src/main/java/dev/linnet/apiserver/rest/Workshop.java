package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.admission.Admission;
import dev.linnet.apiserver.admission.Namespaces;
import dev.linnet.apiserver.store.ObjectStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The tools that all verbs share. */
record Workshop(
        ObjectStore store,
        Types types,
        Bodies bodies,
        Intake intake,
        Preparation preparation,
        Ownership ownership,
        Namespaces namespaces,
        Views views,
        InstantSource clock,
        RandomGenerator random) {

    static Workshop of(
            ObjectStore store, Types types, Admission admission, InstantSource clock, RandomGenerator random) {
        return new Workshop(
                store,
                types,
                new Bodies(types),
                new Intake(types),
                new Preparation(admission, clock),
                new Ownership(types, clock),
                new Namespaces(store),
                new Views(clock),
                clock,
                random);
    }
}
