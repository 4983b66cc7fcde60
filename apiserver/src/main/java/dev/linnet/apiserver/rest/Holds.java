package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.admission.Hold;
import java.util.ArrayList;
import java.util.List;

/** What one write holds until it is done. */
final class Holds implements AutoCloseable {
    private final List<Hold> holds = new ArrayList<>();

    void add(Hold hold) {
        holds.add(hold);
    }

    @Override
    public void close() {
        holds.forEach(Hold::close);
    }
}
