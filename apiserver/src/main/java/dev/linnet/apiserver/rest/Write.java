package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.admission.Hold;
import java.util.ArrayList;
import java.util.List;

/** One write under way: how it is to be done, and what it holds until it is done. */
final class Write implements AutoCloseable {
    private final WriteOptions options;
    private final List<Hold> holds = new ArrayList<>();

    Write(WriteOptions options) {
        this.options = options;
    }

    WriteOptions options() {
        return options;
    }

    void hold(Hold hold) {
        holds.add(hold);
    }

    @Override
    public void close() {
        holds.forEach(Hold::close);
    }
}
