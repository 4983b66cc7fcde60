package dev.linnet.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObjectStoreTest {
    private static final HistoryBounds FOUR_EVENTS = new HistoryBounds(4, 1 << 20);

    private ObjectStore store = ObjectStore.open(new MemoryJournal(), HistoryBounds.USUAL);

    @AfterEach
    void close() {
        store.close();
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("maps", "ns", name);
    }

    static ObjectNode object(String name, String value) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata").put("name", name);
        return object.put("value", value);
    }

    private long put(String name, String value) {
        return store.change(key(name), _ -> new Decision.Put(object(name, value)))
                .object()
                .at("/metadata/resourceVersion")
                .asLong();
    }

    private void remove(String name) {
        store.change(key(name), live -> new Decision.Remove(live.orElseThrow().tree()));
    }

    private static List<String> names(Snapshot snapshot) {
        return snapshot.objects().stream()
                .map(object ->
                        object.key().name() + "=" + object.tree().path("value").asText())
                .toList();
    }

    @Test
    void givesEachChangeTheNextVersion() {
        assertThat(put("a", "1")).isEqualTo(1);
        assertThat(put("b", "1")).isEqualTo(2);
        assertThat(put("a", "2")).isEqualTo(3);
        assertThat(store.version()).isEqualTo(3);
        assertThat(store.get(key("a")).orElseThrow().version()).isEqualTo(3);
    }

    @Test
    void showsWhatWasThereAtAnEarlierVersion() {
        put("a", "1");
        put("b", "1");
        long then = put("c", "1");
        put("a", "2");
        remove("b");
        put("d", "1");

        assertThat(names(store.listAt(then, "maps", ""))).containsExactly("a=1", "b=1", "c=1");
        assertThat(names(store.list("maps", ""))).containsExactly("a=2", "c=1", "d=1");
        assertThat(names(store.listAt(then, "maps", "other"))).isEmpty();
    }

    @Test
    void listsOneNamespaceOnly() {
        put("a", "1");
        ObjectKey elsewhere = new ObjectKey("maps", "ns-2", "x");
        store.change(elsewhere, _ -> new Decision.Put(object("x", "1")));

        assertThat(names(store.list("maps", "ns"))).containsExactly("a=1");
        assertThat(names(store.list("maps", "ns-2"))).containsExactly("x=1");
        assertThat(names(store.list("maps", ""))).hasSize(2);
    }

    @Test
    void handsEachChangeOutOnceAndInOrder() throws InterruptedException {
        long from = put("a", "1");
        Cursor cursor = store.watch("maps", from);
        put("b", "1");
        put("a", "2");
        remove("b");

        List<StoreEvent> events = cursor.next(Duration.ofSeconds(5));

        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName() + " " + event.version())
                .containsExactly("Added 2", "Modified 3", "Deleted 4");
        assertThat(cursor.version()).isEqualTo(4);
        assertThat(cursor.next(Duration.ofMillis(1))).isEmpty();
    }

    @Test
    void knowsTheStoresVersionEvenWhereNothingHappens() throws InterruptedException {
        Cursor cursor = store.watch("quiet", 0);
        put("a", "1");

        assertThat(cursor.next(Duration.ofMillis(1))).isEmpty();
        assertThat(cursor.version())
                .as("a bookmark lets the client skip the rest")
                .isEqualTo(1);
    }

    @Test
    void wakesWhoeverWaits() throws Exception {
        Cursor cursor = store.watch("maps", 0);
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<StoreEvent>> waiting = other.submit(() -> cursor.next(Duration.ofSeconds(10)));
            put("a", "1");

            assertThat(waiting.get(5, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void tellsAReaderThatFellBehindTheHistory() {
        store.close();
        store = ObjectStore.open(new MemoryJournal(), FOUR_EVENTS);
        Cursor slow = store.watch("maps", 0);
        for (int i = 0; i < 1_000; i++) {
            put("a", Integer.toString(i));
        }

        assertExpired(() -> slow.next(Duration.ofMillis(1)));
        assertExpired(() -> store.watch("maps", 1));
        assertExpired(() -> store.listAt(1, "maps", ""));
        assertThat(names(store.listAt(998, "maps", ""))).containsExactly("a=997");
    }

    private static void assertExpired(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(410));
    }

    @Test
    void writesNothingWhenADecisionThrows() {
        assertThatThrownBy(() -> store.change(key("a"), _ -> {
                    throw new IllegalArgumentException("no");
                }))
                .hasMessage("no");

        assertThat(store.get(key("a"))).isEmpty();
        assertThat(store.version()).isZero();
    }

    @Test
    void letsWritersOfOneObjectTakeTurns() throws Exception {
        put("n", "0");
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                writes.add(writers.submit(() -> store.change(key("n"), live -> {
                    int count = live.orElseThrow().tree().path("value").asInt();
                    return new Decision.Put(object("n", Integer.toString(count + 1)));
                })));
            }
            for (Future<?> write : writes) {
                write.get(10, TimeUnit.SECONDS);
            }
        }

        assertThat(store.get(key("n")).orElseThrow().tree().path("value").asInt())
                .isEqualTo(200);
    }

    /** Holds its first group until told, and remembers how large each group was. */
    private static final class SlowJournal implements Journal {
        final CountDownLatch mayContinue = new CountDownLatch(1);
        final List<Integer> groups = new ArrayList<>();

        @Override
        public long historyStart() {
            return 0;
        }

        @Override
        public void replay(Consumer<Entry> reader) {}

        @Override
        public void append(List<Entry> entries) {
            groups.add(entries.size());
            try {
                assertThat(mayContinue.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void tidy() {}

        @Override
        public void close() {}
    }

    @Test
    void showsNothingBeforeItIsSafeAndSharesOneSyncAmongWriters() throws Exception {
        store.close();
        SlowJournal journal = new SlowJournal();
        store = ObjectStore.open(journal, HistoryBounds.USUAL);
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> writes = IntStream.range(0, 50)
                    .mapToObj(i -> writers.submit(() -> put("o" + i, "1")))
                    .toList();

            assertThat(store.watch("maps", 0).next(Duration.ofMillis(100))).isEmpty();
            assertThat(store.list("maps", "").objects()).isEmpty();
            journal.mayContinue.countDown();
            for (Future<Long> write : writes) {
                assertThat(write.get(10, TimeUnit.SECONDS)).isPositive();
            }
        }

        assertThat(store.list("maps", "").objects()).hasSize(50);
        assertThat(journal.groups).hasSizeLessThan(10);
    }

    @Test
    void endsWaitingWhenItCloses() throws Exception {
        Cursor cursor = store.watch("maps", 0);
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting = other.submit(() -> cursor.next(Duration.ofMinutes(1)));
            store.endWatches();

            assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreClosed.class);
        }
    }
}
