package dev.linnet.apiserver.admission;

/** Something taken for an object that is about to be stored, such as an address; let go once the write is done. */
@FunctionalInterface
public interface Hold extends AutoCloseable {
    Hold NOTHING = () -> {};

    @Override
    void close();
}
