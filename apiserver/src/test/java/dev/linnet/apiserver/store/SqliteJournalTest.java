package dev.linnet.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest {
    @TempDir
    Path directory;

    private ObjectStore open(Path where, long retained) {
        return ObjectStore.open(SqliteJournal.open(where.resolve("objects.db"), retained), HistoryBounds.USUAL);
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("maps", "ns", name);
    }

    private static void put(ObjectStore store, String name, String value) {
        store.change(key(name), _ -> new Decision.Put(ObjectStoreTest.object(name, value)));
    }

    private static void remove(ObjectStore store, String name) {
        store.change(key(name), live -> new Decision.Remove(live.orElseThrow().tree()));
    }

    private static List<String> content(ObjectStore store) {
        return store.list("maps", "").objects().stream()
                .map(object ->
                        object.key().name() + "=" + object.tree().path("value").asText())
                .toList();
    }

    /** What a process finds that starts after another was killed: the files as they are at this moment. */
    private Path afterKill() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy" + System.nanoTime()));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return copy;
    }

    @Test
    void findsEverythingThatWasAcknowledgedAfterAKill() throws IOException {
        try (ObjectStore store = open(directory, 1_000)) {
            for (int i = 0; i < 60; i++) {
                put(store, "o" + i % 10, Integer.toString(i));
                if (i % 25 == 0) {
                    try (ObjectStore revived = open(afterKill(), 1_000)) {
                        assertThat(content(revived)).isEqualTo(content(store));
                        assertThat(revived.version()).isEqualTo(store.version());
                    }
                }
            }
        }
    }

    @Test
    void letsWatchesGoOnAfterARestart() throws InterruptedException {
        try (ObjectStore store = open(directory, 1_000)) {
            put(store, "a", "1");
            put(store, "b", "1");
            put(store, "a", "2");
            remove(store, "b");
        }

        try (ObjectStore store = open(directory, 1_000)) {
            put(store, "c", "1");

            assertThat(store.watch("maps", 1).next(Duration.ofSeconds(5)))
                    .extracting(event -> event.getClass().getSimpleName() + " "
                            + event.object().key().name())
                    .containsExactly("Added b", "Modified a", "Deleted b", "Added c");
            assertThat(store.version()).isEqualTo(5);
        }
    }

    /** Changes of one object, a hundred to a sync. */
    private void changeOften(long from, int count) {
        try (SqliteJournal journal = SqliteJournal.open(directory.resolve("objects.db"), 100)) {
            journal.replay(_ -> {});
            List<Journal.Entry> group = new ArrayList<>();
            for (long version = from; version < from + count; version++) {
                byte[] json = Json.bytes(ObjectStoreTest.object("busy", Long.toString(version)));
                StoredObject object = new StoredObject(key("busy"), version, json);
                group.add(new Journal.Entry(object, false, version == from ? 0 : version - 1));
                if (group.size() == 100) {
                    journal.append(group);
                    journal.tidy();
                    group.clear();
                }
            }
        }
    }

    @Test
    void forgetsOldChangesButNeverWhatIsThere() throws InterruptedException {
        try (ObjectStore store = open(directory, 100)) {
            put(store, "old", "1");
            put(store, "gone", "1");
            remove(store, "gone");
        }
        changeOften(4, 3_000);

        try (ObjectStore store = open(directory, 100)) {
            assertThat(content(store)).containsExactly("busy=3003", "old=1");
            assertThat(store.watch("maps", store.version() - 50).next(Duration.ofSeconds(5)))
                    .hasSize(50);
            assertThatThrownBy(() -> store.watch("maps", 10))
                    .isInstanceOfSatisfying(
                            ApiFailure.class,
                            failure -> assertThat(failure.code()).isEqualTo(410));
        }
        assertThat(rows()).as("one per object, and the history").isBetween(102L, 102L + 2 * 1_024);
    }

    private long rows() {
        long[] count = new long[1];
        try (SqliteJournal journal = SqliteJournal.open(directory.resolve("objects.db"), 100)) {
            journal.replay(_ -> count[0]++);
        }
        return count[0];
    }

    @Test
    void belongsToOneServerAtATime() {
        try (DirectoryClaim _ = DirectoryClaim.take(directory)) {
            assertThatThrownBy(() -> DirectoryClaim.take(directory))
                    .isInstanceOf(DirectoryClaim.Taken.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("is in use by another server");
        }
        DirectoryClaim.take(directory).close();
    }
}
