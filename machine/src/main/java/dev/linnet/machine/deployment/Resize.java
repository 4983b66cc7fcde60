package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;

/** A ReplicaSet, and how many Pods it should have from now on. */
record Resize(ReplicaSet set, int size) {}
