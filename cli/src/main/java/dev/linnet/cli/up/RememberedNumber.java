package dev.linnet.cli.up;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** One number in a file, from one run to the next. */
final class RememberedNumber {
    private RememberedNumber() {}

    /** Empty when there is none, or none that can be read: it is a preference, not a fact. */
    static OptionalInt read(Path file) {
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException _) {
            return OptionalInt.empty();
        }
    }

    static void write(Path file, int number) {
        try {
            Files.writeString(file, number + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
